"""What each figure shows, in one line."""

CAPTIONS = {
    "overview": "Spectra over their whole range, with the ratio to the reference. Grey bands and "
    "bars are statistical errors; triangles point at ratios outside the panel.",
    "x_Q2": "The x-Q² plane: both samples, contours at fixed fractions of the events, the ratio.",
    "correlations": "Pairs of observables: both samples, their ratio, and the difference in units "
    "of its statistical error.",
    "correlation_matrices": "Pearson's correlations of the observables, steep ones in ln: both "
    "samples, and the difference in hundredths.",
    "corner": "All pairs of the main observables: contours at fixed fractions of the events, and "
    "shares of events per bin on the diagonal.",
    "classifier_map": "Where a classifier (trees) finds the sample wrong: the mean weight "
    "(1−D)/D of the sample's events. Red is too many events, blue too few.",
    "classifier_weights": "Spectra of the classifier weight (1−D)/D, out of fold: tails that one "
    "sample lacks are where the classifier tells both apart.",
    "training": "Losses and further terms during the training; thick lines are running medians. "
    "The distance to rows that neither train nor validate chose the checkpoint.",
}
"""By name of the figure; the single spectra need none."""

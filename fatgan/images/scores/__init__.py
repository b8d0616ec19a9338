"""How good generated images are: scores on the features of a named network, with floors."""

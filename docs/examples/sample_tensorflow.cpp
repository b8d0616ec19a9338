// Events from an exported model, through TensorFlow's C API (the library of the Python wheel will do):
//   fatgan export runs/quickstart/model -o quickstart
//   TF=$(python -c "import tensorflow as tf; print(tf.sysconfig.get_lib())")
//   g++ -std=c++17 -O2 sample_tensorflow.cpp -o sample -I$TF/include -Wl,-rpath,$TF
//       $TF/libtensorflow_cc.so.2 $TF/libtensorflow_framework.so.2      (all on one line)
//   ./sample quickstart 6 1000        (folder; noise per event, see fatgan.json; events)
#include <cstdio>
#include <cstdlib>
#include <random>
#include <tensorflow/c/c_api.h>

static TF_Status* status = TF_NewStatus();
static void check() {
  if (TF_GetCode(status) == TF_OK) return;
  std::fprintf(stderr, "%s\n", TF_Message(status));
  std::exit(1);
}

int main(int, char** argv) {
  const char* tags[] = {"serve"};
  const int64_t noise = std::atoll(argv[2]), wanted = std::atoll(argv[3]), shape[] = {4096, noise};
  TF_Graph* graph = TF_NewGraph();
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Session* session =
      TF_LoadSessionFromSavedModel(options, nullptr, argv[1], tags, 1, graph, nullptr, status);
  check();
  // the names stand in assets.extra/fatgan.json; the outputs are E, inside, px, py, pz
  TF_Output input{TF_GraphOperationByName(graph, "serving_default_noise"), 0}, outputs[5];
  for (int i = 0; i < 5; ++i)
    outputs[i] = {TF_GraphOperationByName(graph, "StatefulPartitionedCall_1"), i};
  std::mt19937_64 engine(1);
  std::normal_distribution<float> normal;
  for (int64_t made = 0; made < wanted;) {
    TF_Tensor *z = TF_AllocateTensor(TF_FLOAT, shape, 2, shape[0] * noise * sizeof(float)), *out[5];
    auto* numbers = static_cast<float*>(TF_TensorData(z));
    for (int64_t i = 0; i < shape[0] * noise; ++i) numbers[i] = normal(engine);
    TF_SessionRun(session, nullptr, &input, &z, 1, outputs, out, 5, nullptr, 0, nullptr, status);
    check();
    auto at = [&](int k, int64_t i) { return static_cast<double*>(TF_TensorData(out[k]))[i]; };
    for (int64_t i = 0; i < shape[0] && made < wanted; ++i)
      if (static_cast<bool*>(TF_TensorData(out[1]))[i] && ++made)  // else outside: draw others
        std::printf("%.17g %.17g %.17g %.17g\n", at(2, i), at(3, i), at(4, i), at(0, i));
    for (TF_Tensor* each : {z, out[0], out[1], out[2], out[3], out[4]}) TF_DeleteTensor(each);
  }
}

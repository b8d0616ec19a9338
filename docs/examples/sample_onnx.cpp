// Events from an exported model, through onnxruntime's C++ API (its release archive in $ORT):
//   fatgan export runs/quickstart/model -o quickstart.onnx
//   g++ -std=c++17 -O2 sample_onnx.cpp -o sample -I$ORT/include -L$ORT/lib -lonnxruntime
//       -Wl,-rpath,$ORT/lib      (all on one line)
//   ./sample quickstart.onnx 1000
#include <array>
#include <cstdio>
#include <cstdlib>
#include <onnxruntime_cxx_api.h>
#include <random>
#include <vector>

int main(int, char** argv) {
  Ort::Env env;
  Ort::Session session(env, argv[1], Ort::SessionOptions{});
  auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  const int64_t wanted = std::atoll(argv[2]);
  const int64_t noise =
      session.GetInputTypeInfo(0).GetTensorTypeAndShapeInfo().GetShape()[1];
  const std::array<int64_t, 2> shape{4096, noise};
  const char* inputs[] = {"noise"};
  const char* outputs[] = {"px", "py", "pz", "E", "inside"};
  std::mt19937_64 engine(1);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(shape[0] * noise);
  for (int64_t made = 0; made < wanted;) {
    for (float& number : numbers) number = normal(engine);
    auto z = Ort::Value::CreateTensor<float>(memory, numbers.data(), numbers.size(),
                                             shape.data(), shape.size());
    auto out = session.Run(Ort::RunOptions{nullptr}, inputs, &z, 1, outputs, 5);
    auto at = [&](int k, int64_t i) { return out[k].GetTensorData<double>()[i]; };
    for (int64_t i = 0; i < shape[0] && made < wanted; ++i)
      if (out[4].GetTensorData<bool>()[i] && ++made)  // else outside: draw others
        std::printf("%.17g %.17g %.17g %.17g\n", at(0, i), at(1, i), at(2, i), at(3, i));
  }
}

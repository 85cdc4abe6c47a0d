// Sizes of shipped networks as others print them: in papers, rounded, or counted over released models by other
// programs. The exact ones are in zoo_test.cpp.

#include <catch2/catch.hpp>

#include <cmath>

#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

enum class What { Macs, ConvMacs, Weights, Parameters, WithBatchNorm };

/// `value` within `half`: half a unit of the last digit that is printed, or what the source leaves open.
struct Published {
  const char* network;
  What what;
  double value, half;
  const char* source;
};

constexpr double kKilobytes = 1024.0 / 2;  ///< in words of 16 bits

constexpr Published published[] = {
    {"lenet5", What::Parameters, 61706, 0, "common count for LeNet-5 without the table of C3"},
    {"lenet_caffe", What::Parameters, 431080, 0, "BVLC Caffe, examples/mnist/lenet.prototxt"},
    {"alexnet", What::Macs, 0.724e9, 0.5e6, "Sze et al., Proc. IEEE 105(12) 2017, Table II: 724 M MACs"},
    {"alexnet", What::ConvMacs, 0.666e9, 0.5e6, "the same: 666 M MACs of CONV layers"},
    {"alexnet", What::Parameters, 61e6, 0.5e6, "the same: 61 M weights"},
    {"vgg16", What::Macs, 15.5e9, 0.05e9, "the same: 15.5 G MACs"},
    {"vgg16", What::ConvMacs, 15.3e9, 0.05e9, "the same: 15.3 G MACs of CONV layers"},
    {"vgg16", What::Parameters, 138357544, 0, "torchvision 0.14.1, vgg16"},
    {"googlenet", What::Macs, 1.58e9, 0.005e9, "count over BVLC Caffe's bvlc_googlenet"},
    {"googlenet", What::Parameters, 7e6, 0.05e6, "Sze et al., Table II: 7 M weights"},
    {"squeezenet1_0", What::Macs, 0.86e9, 0.005e9, "count over the released prototxt"},
    {"squeezenet1_0", What::Parameters, 1248424, 0, "torchvision 0.14.1, squeezenet1_0"},
    {"squeezenet1_1", What::Macs, 0.39e9, 0.005e9, "count over the released prototxt"},
    {"squeezenet1_1", What::Parameters, 1235496, 0, "torchvision 0.14.1, squeezenet1_1"},
    {"resnet18", What::Macs, 1.81e9, 0.005e9, "torchvision 0.14.1, resnet18, counted by hooks"},
    {"resnet18", What::WithBatchNorm, 11689512, 0, "torchvision 0.14.1, resnet18"},
    {"resnet50", What::Macs, 4.09e9, 0.005e9, "torchvision 0.14.1, resnet50, counted by hooks"},
    {"resnet50", What::WithBatchNorm, 25557032, 0, "torchvision 0.14.1, resnet50"},
    {"resnet50_v1", What::Macs, 3.9e9, 0.05e9, "Sze et al., Table II: 3.9 G MACs"},
    {"resnet50_v1", What::WithBatchNorm, 25.5e6, 0.1e6, "the same: 25.5 M weights"},
    {"mobilenet_v1_1.0_224", What::Macs, 569e6, 0.5e6, "Howard et al., arXiv 1704.04861, Table 4"},
    {"mobilenet_v1_1.0_224", What::WithBatchNorm, 4.2e6, 0.05e6, "Howard et al., arXiv 1704.04861, Table 4"},
    {"mobilenet_v1", What::WithBatchNorm, 4231976, 0, "count over the Caffe port"},
    {"mobilenet_v1_0.5_128", What::Macs, 49.2e6, 0.05e6, "Chen et al., JETCAS 9(2) 2019, V"},
    {"mobilenet_v2", What::Macs, 300e6, 1e6, "Sandler et al., CVPR 2018, Table 4: 300 M"},
    {"mobilenet_v2", What::WithBatchNorm, 3504872, 0, "torchvision 0.14.1, mobilenet_v2"},
    {"shufflenet_v1_g3_1x", What::Macs, 137e6, 0.5e6, "Zhang et al., CVPR 2018, Table 1 (as remembered)"},
    {"shufflenet_v1_g3_1x", What::WithBatchNorm, 1.9e6, 0.05e6, "the authors' later release"},
    {"dscnn_kws", What::Macs, 2.7e6, 0.05e6, "count over MLPerf Tiny's kws_ref_model.tflite"},
    {"resnet8", What::Macs, 12.5e6, 0.05e6, "count over MLPerf Tiny's pretrainedResnet_quant.tflite"},
    {"mobilenet_v1_0.25_96_vww", What::Parameters, 210850, 0, "count over MLPerf Tiny's vww_96_int8.tflite"},
    {"ad_autoencoder", What::Parameters, 265864, 0, "count over MLPerf Tiny's ad01_int8.tflite"},
    {"cmsisnn_cifar10", What::Macs, 24.7e6 / 2, 0.01 * 24.7e6 / 2, "Lai et al., 24.7 MOps (as remembered)"},
    {"cmsisnn_cifar10", What::Weights, 87 * 1024, 0.5 * 1024, "Lai et al.: 87 KB of weights of 8 bits"},
    {"cmsisnn_cifar10_example", What::Weights, 32.3 * 1024, 0.05 * 1024, "CMSIS-NN's example: 32.3 KB of weights"},
    {"kws_basic_lstm_s", What::Macs, 5.9e6 / 2, 0.05e6 / 2, "Zhang et al., arXiv 1711.07128, 5.9 MOps (as remembered)"},
    {"kws_basic_lstm_m", What::Macs, 18.9e6 / 2, 0.15e6 / 2, "the same, 18.9 MOps"},
    {"kws_basic_lstm_l", What::Macs, 47.9e6 / 2, 0.2e6 / 2, "the same, 47.9 MOps"},
    {"kws_lstm_s", What::Macs, 3.9e6 / 2, 0.1e6 / 2, "the same, 3.9 MOps"},
    {"kws_lstm_l", What::Macs, 48.4e6 / 2, 0.3e6 / 2, "the same, 48.4 MOps"},
    {"kws_gru_s", What::Macs, 3.8e6 / 2, 0.05e6 / 2, "the same, 3.8 MOps"},
    {"kws_gru_m", What::Macs, 19.2e6 / 2, 0.1e6 / 2, "the same, 19.2 MOps"},
    {"kws_gru_l", What::Macs, 48.4e6 / 2, 0.2e6 / 2, "the same, 48.4 MOps"},
    {"dscnn_kws_m", What::Macs, 19.8e6 / 2, 0.2e6 / 2, "the same, 19.8 MOps"},
    {"dscnn_kws_l", What::Macs, 56.9e6 / 2, 0.3e6 / 2, "the same, 56.9 MOps"},
    {"biglittle_mnist_big_standin", What::Weights, 12.1e6, 0.02 * 12.1e6, "Ciresan et al. 2010: 12.1 M weights"},
    {"shidiannao_mpcnn", What::Weights, 42.77 * kKilobytes, 0.005 * kKilobytes, "Du et al., ISCA 2015: 42.77 KB"},
    {"shidiannao_simple_conv", What::Weights, 24.17 * kKilobytes, 0.005 * kKilobytes, "Du et al.: 24.17 KB"},
    {"shidiannao_neo", What::Weights, 3.63 * kKilobytes, 0.005 * kKilobytes, "Du et al.: 3.63 KB"},
};

/// A layer's MACs or filters, likewise.
struct PublishedLayer {
  const char *network, *layer;
  What what;
  double value, half;
  const char* source;
};

constexpr double kMegabytes = 1024 * kKilobytes;

constexpr PublishedLayer published_layers[] = {
    {"lenet5_1998", "c1", What::Parameters, 156, 0, "LeCun et al. 1998: 156 trainable parameters"},
    {"lenet5_1998", "c5", What::Parameters, 48120, 0, "the same: 48,120"},
    {"lenet5_1998", "f6", What::Parameters, 10164, 0, "the same: 10,164"},
    {"tflm_mnist_lstm", "fc", What::Parameters, 5610, 0, "count over trained_lstm_int8.tflite"},
    {"dadiannao_benchmarks", "CLASS1", What::Weights, 12.5 * kMegabytes, 0.05 * kMegabytes,
     "Chen et al. 2014: 12.5 MB"},
    {"dadiannao_benchmarks", "CLASS2", What::Weights, 32 * kMegabytes, 0, "the same: 32 MB"},
    {"dadiannao_benchmarks", "CONV2", What::Weights, 0.24 * kMegabytes, 0.005 * kMegabytes, "the same: 0.24 MB"},
};

Network shipped(const std::string& name) {
  return Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")), 1);
}

double count(const Network& network, What what) {
  std::int64_t macs = 0, channels = 0;
  for (const auto& l : network.layers())
    if (l.type == LayerType::Conv) {
      macs += l.macs().count();
      channels += l.out_channels;
    }
  switch (what) {
    case What::Macs:
      return static_cast<double>(network.macs().count());
    case What::ConvMacs:
      return static_cast<double>(macs);
    case What::Weights:
      return static_cast<double>(network.weight_words().count());
    case What::Parameters:
      return static_cast<double>(network.parameter_words().count());
    case What::WithBatchNorm:  // two numbers a channel where one bias is left here
      return static_cast<double>(network.parameter_words().count() + channels);
  }
  return 0;
}

}  // namespace

TEST_CASE("shipped networks have the sizes that others print", "[unit][workloads]") {
  for (const auto& row : published) {
    CAPTURE(row.network, row.source, row.value);
    const double ours = count(shipped(row.network), row.what);
    CAPTURE(ours);
    CHECK(std::abs(ours - row.value) <= row.half);
  }
}

TEST_CASE("layers of shipped networks have the sizes that others print", "[unit][workloads]") {
  for (const auto& row : published_layers) {
    CAPTURE(row.network, row.layer, row.source, row.value);
    const auto layer = shipped(row.network).layer(row.layer);
    const auto words = row.what == What::Weights ? layer.weight_words() : layer.weight_words() + layer.bias_words();
    CHECK(std::abs(static_cast<double>(words.count()) - row.value) <= row.half);
  }
}

TEST_CASE("AlexNet's layers have the MACs of the Eyeriss papers", "[unit][workloads]") {
  const auto alexnet = shipped("alexnet");
  const std::int64_t macs[] = {105415200, 223948800, 149520384, 112140288, 74760192};  // JSSC 2017, Table V, per image
  for (std::size_t i = 0; i < std::size(macs); ++i) {
    std::int64_t ours = 0;
    for (const auto& l : alexnet.layers())
      if (l.type == LayerType::Conv && l.name.find(std::to_string(i + 1)) != std::string::npos)
        ours += l.macs().count();
    CAPTURE(i);
    CHECK(ours == macs[i]);
  }
}

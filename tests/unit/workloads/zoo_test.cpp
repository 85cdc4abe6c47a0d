#include <catch2/catch.hpp>

#include <filesystem>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <tuple>

#include "tests/support/support.hpp"
#include "workloads/network.hpp"

using namespace eyrie;

namespace {

/// What a shipped network is known to have, for one input: counted over the released models or printed by the papers; a
/// count over padding is a MAC as any other, pools and sums have none. Where ours must differ (connection tables made
/// dense, slices of layers too large to run) `source` has the published number.
struct Known {
  const char* name;
  std::int64_t macs, weights, parameters;
  std::size_t layers;
  const char* source;
};

constexpr Known zoo[] = {
    {"ad_autoencoder", 264192, 264192, 265864, 10, "count over ad01_int8.tflite"},
    {"alexnet", 724406816, 60954656, 60965224, 14, "prototxt count"},
    {"biglittle_cifar10_big_standin", 12298240, 89440, 89578, 8, "sum of the layer formulas"},
    {"biglittle_cifar10_little_standin", 1229568, 6168, 6203, 8, "sum of the layer formulas"},
    {"biglittle_mnist_big_standin", 11965000, 11965000, 11972510, 7,
     "12.1 M weights in Ciresan et al. 2010 (11.96 M without biases)"},
    {"biglittle_mnist_little_standin", 25184, 25184, 25219, 3, "sum of the layer formulas"},
    {"cmsisnn_cifar10", 12298240, 89440, 89578, 8, "24.7 MOps in the paper (as remembered)"},
    {"cmsisnn_cifar10_example", 6558720, 33120, 33210, 8, "32.3 KB of weights in the example header"},
    {"dadiannao_benchmarks", 45928133504, 66167168, 66167168, 10,
     "whole: 743715195488 MACs; CONV1 at 8/246, CONV3* at 4/183, CONV4* at 4/181"},
    {"deepsense_hhar", 35155920, 513552, 514854, 15, "sum of the layer formulas"},
    {"diannao_benchmarks", 23137428256, 111247648, 111247648, 10,
     "whole: 743546267680 MACs; CONV2* at 4/183, CONV5* at 8/60516"},
    {"dscnn_kws", 2656768, 22016, 22604, 12, "count over kws_ref_model.tflite (2.7 MMAC)"},
    {"dscnn_kws_l", 28327812, 407652, 410700, 14, "56.9 MOps in the paper (as remembered)"},
    {"dscnn_kws_m", 9816384, 133472, 135032, 12, "19.8 MOps in the paper (as remembered)"},
    {"googlenet", 1582671872, 6990272, 6998552, 84, "prototxt count (1.58 GMAC)"},
    {"kws_basic_lstm_l", 23872224, 491232, 492620, 3, "count over the released frozen graph"},
    {"kws_basic_lstm_m", 9398024, 194312, 195180, 3, "count over the released frozen graph"},
    {"kws_basic_lstm_s", 2961800, 61832, 62316, 3, "count over the released frozen graph"},
    {"kws_gru_l", 24112800, 496800, 498012, 3, "count over the released frozen graph"},
    {"kws_gru_m", 9558000, 198000, 198762, 3, "count over the released frozen graph"},
    {"kws_gru_s", 1896048, 77616, 78090, 3, "count over the released frozen graph"},
    {"kws_lstm_l", 24085756, 493756, 495768, 3, "count over the released frozen graph"},
    {"kws_lstm_m", 9509520, 195600, 196732, 3, "count over the released frozen graph"},
    {"kws_lstm_s", 1919976, 77928, 78516, 3, "count over the released frozen graph"},
    {"lenet5", 416520, 61470, 61706, 8, "sum of the layer formulas"},
    {"lenet5_1998", 416520, 61470, 61706, 8, "dense C3; LeCun et al. 1998: 326520 with 60 of 96 kernels"},
    {"lenet5_mnist", 416520, 61470, 61706, 8, "those of lenet5"},
    {"lenet_caffe", 2293000, 430500, 431080, 7, "count over the prototxt"},
    {"mobilenet_v1", 568740352, 4209088, 4221032, 30, "Caffe port"},
    {"mobilenet_v1_0.25_96_vww", 7489664, 208112, 210850, 30, "count over vww_96_int8.tflite"},
    {"mobilenet_v1_0.5_128", 49160192, 1319648, 1326120, 30, "49.2 M MACs in Chen et al., JETCAS 9(2) 2019"},
    {"mobilenet_v1_1.0_224", 568740352, 4209088, 4221032, 30,
     "569 MMAC in the paper; same as the Caffe port prototxt count"},
    {"mobilenet_v2", 300774272, 3469760, 3487816, 65, "torchvision 0.14.1 counted by hooks (300 MMAC in the paper)"},
    {"resnet18", 1814073344, 11678912, 11684712, 32, "torchvision 0.14.1 counted by hooks (1.81 GMAC)"},
    {"resnet50", 4089184256, 25502912, 25530472, 73, "torchvision 0.14.1 counted by hooks (4.09 GMAC)"},
    {"resnet50_v1", 3857973248, 25502912, 25530472, 73, "prototxt count (3.86 GMAC, the '3.8 GFLOPs' of the paper)"},
    {"resnet8", 12501632, 77360, 77706, 15, "count over pretrainedResnet_quant.tflite (12.5 MMAC)"},
    {"resnet8_large", 76473920, 479480, 480330, 15, "count over pretrainedResnet_large_int8.tflite"},
    {"shidiannao_cff", 174874, 1206, 1206, 6, "dense; the paper's connections: 120442 MACs, 882 weights"},
    {"shidiannao_cnp", 1104640, 51238, 51238, 6, "dense; the paper's connections: 822580 MACs, 14423 weights"},
    {"shidiannao_convnn", 1170090, 3198, 3198, 6, "dense; the paper's connections: 789066 MACs, 2226 weights"},
    {"shidiannao_face_align", 507440, 15136, 15136, 6, "dense; the paper's connections: 457040 MACs, 14986 weights"},
    {"shidiannao_face_recog", 544780, 5680, 5680, 5, "dense; the paper's connections: 210655 MACs, 2305 weights"},
    {"shidiannao_gabor", 43884, 744, 744, 6, "dense; the paper's connections: 32220 MACs, 420 weights"},
    {"shidiannao_kernels", 9345024, 9936, 10015, 6, "no network: by hand"},
    {"shidiannao_lenet5", 416520, 61470, 61470, 7, "dense; the paper's connections: 326520 MACs, 60570 weights"},
    {"shidiannao_mpcnn", 1432200, 21900, 21900, 7, "42.77 KB of synapses at 16 bit"},
    {"shidiannao_neo", 288160, 1860, 1860, 5, "3.63 KB of synapses at 16 bit"},
    {"shidiannao_simple_conv", 183375, 12375, 12375, 4, "24.17 KB of synapses at 16 bit"},
    {"shufflenet_v1_g3_1x", 137460672, 1840248, 1853488, 87, "137 MFLOPs in the paper, Table 1 (g=3; as remembered)"},
    {"squeezenet1_0", 861339936, 1244448, 1248424, 39, "prototxt count (0.86 GMAC)"},
    {"squeezenet1_1", 387747520, 1231552, 1235496, 39, "prototxt count (0.39 GMAC)"},
    {"sww_ds1d", 826368, 46040, 46883, 10, "count over str_ww_ref_model.tflite"},
    {"systolic_folds", 8937772, 47103, 47597, 12, "no network: by hand"},
    {"tflm_micro_speech", 336000, 16640, 16652, 4, "count over micro_speech_quantized.tflite"},
    {"tflm_mnist_lstm", 113120, 9440, 9530, 4, "count over trained_lstm_int8.tflite"},
    {"tflm_person_detect", 7157888, 207968, 210706, 30, "count over person_detect.tflite"},
    {"tiny", 66624, 1752, 1782, 8, "by hand"},
    {"vgg16", 15470264320, 138344128, 138357544, 22, "torchvision 0.14.1"},
};

Network shipped(const std::string& name) {
  return Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")), 1);
}

}  // namespace

TEST_CASE("every shipped network has its known MACs, weights and parameters", "[unit][workloads]") {
  for (const auto& known : zoo) {
    CAPTURE(known.name, known.source);
    const auto network = shipped(known.name);
    CHECK(network.name() == known.name);
    CHECK(network.macs() == Macs{known.macs});
    CHECK(network.weight_words() == Words{known.weights});
    CHECK(network.parameter_words() == Words{known.parameters});
    CHECK(network.stated_layers() == known.layers);
    CHECK_FALSE(network.title().empty());
    CHECK_FALSE(network.source().empty());
    CHECK_FALSE(network.provenance().empty());
  }
}

namespace {

/// The comment that a file begins with, as one line.
std::string header_of(const std::string& name) {
  std::istringstream text{test::read_file(test::source("configs/workloads/" + name + ".yaml"))};
  std::string all;
  for (std::string line; std::getline(text, line) && line.starts_with('#');) all += line.substr(1);
  return all;
}

/// The number behind `before` ("Weights:"), its digits in groups; nothing where that is not there.
std::optional<std::int64_t> stated(const std::string& header, const std::string& before) {
  std::smatch found;
  if (!std::regex_search(header, found, std::regex(before + " ([0-9,]*[0-9])"))) return std::nullopt;
  auto digits = found[1].str();
  std::erase(digits, ',');
  return std::stoll(digits);
}

/// MACs of the layers that `wanted` says yes to.
template <class Wanted>
std::int64_t macs_of(const Network& network, Wanted wanted) {
  Macs all{};
  for (const auto& l : network.layers())
    if (wanted(l)) all += l.macs();
  return all.count();
}

}  // namespace

TEST_CASE("headers of shipped networks state the totals that the networks have", "[unit][workloads]") {
  int headers = 0;
  for (const auto& known : zoo) {
    const auto header = header_of(known.name);
    const auto macs = stated(header, "MACs of an input:");
    if (!macs) continue;
    CAPTURE(known.name, header);
    ++headers;
    const auto network = shipped(known.name);
    CHECK(Macs{*macs} == network.macs());
    CHECK(Words{stated(header, "Weights:").value_or(0)} == network.weight_words());
    if (const auto all = stated(header, "with biases")) CHECK(Words{*all} == network.parameter_words());
    const auto in_cell = [](const Layer& l) { return !l.part_of.empty(); };
    const auto is = [&](LayerType type) {
      return macs_of(network, [&](const Layer& l) { return l.type == type && !in_cell(l); });
    };
    if (const auto n = stated(header, "[(,] ?convolutions")) CHECK(*n == is(LayerType::Conv));
    if (const auto n = stated(header, "[(,] ?fully connected layers")) CHECK(*n == is(LayerType::FullyConnected));
    if (const auto n = stated(header, "[(,] ?private kernels")) CHECK(*n == is(LayerType::LocallyConnected));
    if (const auto n = stated(header, "[(,] ?(?:LSTM|GRUs)")) CHECK(*n == macs_of(network, in_cell));
  }
  CHECK(headers > 45);
}

namespace {

std::string text_of(NetworkFile file) {
  return write_yaml([&](Fields& f) { describe(f, file); });
}

/// What a layer computes, as far as its file states it or its network infers it.
auto computed(const Layer& l) {
  return std::tuple{
      l.name,    l.type,     l.inputs,      l.out_channels,  l.groups,       l.bias,      l.activation, l.kernel,
      l.stride,  l.dilation, l.padding,     l.ceil_mode,     l.global,       l.mean_axis, l.batch,      l.units,
      l.returns, l.reset,    l.projection,  l.peephole,      l.concat_axis,  l.lrn_size,  l.lrn_alpha,  l.lrn_beta,
      l.lrn_k,   l.place,    l.input_zeros, l.product_shift, l.output_shift, l.input,     l.output};
}

}  // namespace

TEST_CASE("every shipped network is written such that it reads back the same", "[unit][workloads]") {
  for (const auto& known : zoo) {
    CAPTURE(known.name);
    const auto path = test::source(std::string("configs/workloads/") + known.name + ".yaml");
    const auto text = text_of(read_yaml_file<NetworkFile>(path));
    const auto document = YamlDocument::from_text(text, "again.yaml");
    CHECK(text_of(read_yaml<NetworkFile>(document)) == text);
    const auto network = shipped(known.name), again = Network::from_yaml(document, 1);
    CHECK(again.title() == network.title());
    CHECK(again.source() == network.source());
    CHECK(again.provenance() == network.provenance());
    REQUIRE(again.layers().size() == network.layers().size());
    for (std::size_t i = 0; i < again.layers().size(); ++i)
      CHECK((computed(again.layers()[i]) == computed(network.layers()[i])));
  }
}

TEST_CASE("no shipped network is missing from the table of known sizes", "[unit][workloads]") {
  std::set<std::string> files, known;
  for (const auto& file : std::filesystem::recursive_directory_iterator(test::source("configs/workloads")))
    files.insert(file.path().stem().string());
  for (const auto& row : zoo) known.insert(row.name);
  CHECK(files == known);
}

TEST_CASE("layers of shipped networks have their published shapes", "[unit][workloads]") {
  struct Row {
    const char *network, *layer;
    Shape output;
  };
  const auto row = GENERATE(values<Row>({
      {"alexnet", "pool5", {1, 256, 6, 6}},
      {"googlenet", "inception_5b/output", {1, 1024, 7, 7}},
      {"squeezenet1_0", "conv10", {1, 1000, 15, 15}},  // a padded 1 x 1 kernel, as released
      {"squeezenet1_1", "conv10", {1, 1000, 14, 14}},
      {"resnet18", "layer4/1/add", {1, 512, 7, 7}},
      {"resnet50", "res5c", {1, 2048, 7, 7}},
      {"mobilenet_v1_1.0_224", "conv14/pw", {1, 1024, 7, 7}},
      {"mobilenet_v2", "features/18", {1, 1280, 7, 7}},
      {"shufflenet_v1_g3_1x", "stage4/0/concat", {1, 960, 7, 7}},
      {"dscnn_kws", "conv_1", {1, 64, 25, 5}},
      {"tflm_micro_speech", "conv", {1, 8, 25, 20}},
      {"resnet8", "stack3/add", {1, 64, 8, 8}},
      {"cmsisnn_cifar10", "pool3", {1, 64, 4, 4}},
      {"sww_ds1d", "pw_4", {1, 32, 1, 1}},
      {"deepsense_hhar", "sensors", {20, 64, 2, 4}},
      {"diannao_benchmarks", "CONV1", {1, 48, 367, 492}},
      {"diannao_benchmarks", "CONV2_slice", {1, 8, 4, 183}},
      {"diannao_benchmarks", "CONV5_slice", {1, 384, 1, 8}},
      {"dadiannao_benchmarks", "CONV4_slice", {1, 18, 4, 181}},
      {"shidiannao_face_recog", "S4", {1, 25, 5, 6}},
      {"shidiannao_cff", "F5", {1, 14, 1, 1}},
  }));
  CAPTURE(row.network, row.layer);
  CHECK(shipped(row.network).layer(row.layer).output == row.output);
}

TEST_CASE("a mean over many time steps needs no tall window", "[unit][workloads]") {
  const auto mean = shipped("deepsense_hhar").layer("time_mean").nest();
  REQUIRE(mean);
  CHECK(mean->extent[Dim::R] == 1);
  CHECK(mean->extent[Dim::S] == 20);
  CHECK(mean->extent[Dim::G] == 120);
}

// Layers beside convolution and pooling: what they compute, what their nests read, what is refused.

#include <catch2/catch.hpp>

#include "tests/support/support.hpp"
#include "workloads/forward.hpp"
#include "workloads/gather.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;

namespace {

using Values = std::vector<std::int16_t>;

Tensor tensor(Shape s, Values values) {
  Tensor t{s};
  t.data() = std::move(values);
  return t;
}
const std::string kHead = "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 3, columns: 2}\n";
Network network(const std::string& layers, std::int64_t batch = 1, const std::string& head = kHead) {
  return Network::from_yaml(YamlDocument::from_text(head + "layers:\n" + layers, "net.yaml"), batch);
}
std::string wrong(const std::string& layers, std::int64_t batch = 1, const std::string& head = kHead) {
  return test::errors_of([&] { network(layers, batch, head); });
}
/// Every layer's ofmap from its operands alone is the network's; returns how many nests there were.
int recomputed(const Network& n, const Widths& widths = {}) {
  const ForwardPass pass{n, widths, 3};
  int nests = 0;
  for (std::size_t i = 0; i < n.layers().size(); ++i) {
    const Layer& l = n.layers()[i];
    CAPTURE(l.name);
    CHECK(pass.output(i).shape() == l.output);
    if (!l.nest()) continue;
    ++nests;
    CHECK(output_of(l, test::reference_ofmap(*l.nest(), pass.operands(i))) == pass.output(i));
  }
  return nests;
}

}  // namespace

TEST_CASE("element by element sums saturate and can be shifted", "[unit][workloads]") {
  const std::vector<Tensor> in{tensor({1, 1, 1, 3}, {30000, 5, -8}), tensor({1, 1, 1, 3}, {10000, 6, 3})};
  CHECK(reference::add(in, {.mean = false}).data() == Values{32767, 11, -5});
  CHECK(reference::add(in, {.output_shift = 1, .mean = false}).data() == Values{20000, 6, -2});
  CHECK(reference::add(in, {.product_shift = 1, .mean = false}).data() == Values{32767, 10, -6});  // (2 + 3) 2
  CHECK(reference::add(in, {.activation = Activation::Relu, .mean = false}).data() == Values{32767, 11, 0});
}

TEST_CASE("element by element products are shifted towards minus infinity", "[unit][workloads]") {
  const Arithmetic a{.product_shift = 10};
  CHECK(reference::multiply(tensor({1, 1, 1, 3}, {1024, -1, 2048}), tensor({1, 1, 1, 3}, {7, 1, -1536}), a).data() ==
        Values{7, -1, -3072});
}

TEST_CASE("concatenation and shuffling keep every word", "[unit][workloads]") {
  const auto a = tensor({1, 2, 1, 2}, {1, 2, 3, 4}), b = tensor({1, 1, 1, 2}, {5, 6});
  CHECK(reference::concat(ConcatAxis::Channels, {a, b}).data() == Values{1, 2, 3, 4, 5, 6});
  const auto c = tensor({1, 2, 2, 1}, {7, 8, 9, 10}), d = tensor({1, 2, 1, 1}, {11, 12});
  CHECK(reference::concat(ConcatAxis::Rows, {c, d}) == tensor({1, 2, 3, 1}, {7, 8, 11, 9, 10, 12}));
  const auto e = tensor({1, 2, 1, 1}, {13, 14});
  CHECK(reference::concat(ConcatAxis::Columns, {a, e}) == tensor({1, 2, 1, 3}, {1, 2, 13, 3, 4, 14}));
  CHECK(reference::channel_shuffle(tensor({1, 6, 1, 1}, {0, 1, 2, 3, 4, 5}), 2).data() == Values{0, 3, 1, 4, 2, 5});
}

TEST_CASE("means over time steps round halves away from zero", "[unit][workloads]") {
  CHECK(reference::mean_of_steps(tensor({2, 2, 1, 1}, {1, -1, 2, -2}), {}) == tensor({1, 2, 1, 1}, {2, -2}));
}

TEST_CASE("private filters: every position has its own, worked out by hand", "[unit][workloads]") {
  Layer l{.name = "l", .type = LayerType::LocallyConnected, .out_channels = 2};
  l.kernel = {1, 2};
  l.padding.right = 1;
  l.input = {1, 1, 1, 2};
  l.output = {1, 2, 1, 2};
  const auto in = tensor({1, 1, 1, 2}, {3, 5});
  // position 0: filters (1 2) and (10 20); position 1, whose window ends in the padding: (100 7) and (1000 7)
  const auto w = tensor({4, 1, 1, 2}, {1, 2, 10, 20, 100, 7, 1000, 7});
  const std::vector<std::int32_t> bias{1, 2, 3, 4};
  CHECK(reference::local_psums(l, in, w, bias, {}).data() == std::vector<std::int32_t>{14, 503, 132, 5004});
  CHECK(l.weight_words() == Words{8});
  CHECK(l.macs() == Macs{8});
  CHECK(l.nest()->extent == Extents{{2, 1, 2, 1, 1, 1, 1, 2}});
  CHECK(gathered_input(l, {in}) == tensor({1, 2, 1, 2}, {3, 5, 5, 0}));
  CHECK(output_of(l, tensor({1, 4, 1, 1}, {14, 132, 503, 5004})).data() == Values{14, 503, 132, 5004});
}

TEST_CASE("nests read what the network holds in an order of their own", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: add, inputs: [data, data, data]}\n- {name: m, type: multiply, inputs: [data, a]}\n"
      "- {name: c, type: concat, inputs: [data, m]}\n- {name: s, type: channel_shuffle, inputs: [c], groups: 4}\n"
      "- {name: t, type: reduce_mean, inputs: [s], axis: rows}\n");
  CHECK(n.layer("a").nest()->extent == Extents{{4, 1, 1, 3, 3, 2, 1, 1}});
  CHECK(n.layer("a").nest()->reduction == Reduction::Sum);
  CHECK(n.layer("m").nest()->extent == Extents{{24, 1, 1, 1, 1, 1, 1, 1}});
  CHECK(n.layer("c").nest()->extent == Extents{{8, 1, 1, 1, 3, 2, 1, 1}});
  CHECK(n.layer("s").nest()->reduction == Reduction::Maximum);
  CHECK(n.layer("t").nest()->extent == Extents{{8, 1, 1, 1, 1, 2, 3, 1}});
  CHECK(n.macs() == Macs{0});
  CHECK(n.weight_words() == Words{0});
  const auto x = tensor({1, 2, 1, 1}, {1, 2}), y = tensor({1, 2, 1, 1}, {3, 4});
  Layer add{.name = "a", .type = LayerType::Add};
  CHECK(gathered_input(add, {x, y}).data() == Values{1, 3, 2, 4});
}

TEST_CASE("one layer of every kind follows from its operands, at any widths", "[unit][workloads]") {
  const std::string layers =
      "- {name: c1, type: conv, inputs: [data], out_channels: 4, kernel: {rows: 3, columns: 1}, padding: {top: 1, "
      "bottom: 1}, bias: false}\n"
      "- {name: bn1, type: batch_norm, inputs: [c1]}\n- {name: r6, type: relu6, inputs: [bn1]}\n"
      "- {name: sum, type: add, inputs: [bn1, data, r6], activation: tanh}\n"
      "- {name: prod, type: multiply, inputs: [sum, r6], activation: sigmoid}\n"
      "- {name: cat, type: concat, inputs: [prod, data], activation: relu, axis: columns}\n"
      "- {name: shuffle, type: channel_shuffle, inputs: [cat], groups: 2}\n"
      "- {name: local, type: locally_connected, inputs: [shuffle], out_channels: 6, groups: 2, kernel: {rows: 2, "
      "columns: 3}, stride: {rows: 2, columns: 1}, padding: {top: 1, left: 1}, activation: relu6}\n"
      "- {name: sig, type: sigmoid, inputs: [local]}\n- {name: th, type: tanh, inputs: [sig]}\n"
      "- {name: rows, type: reduce_mean, inputs: [th], axis: rows}\n"
      "- {name: columns, type: reduce_mean, inputs: [th], axis: columns}\n"
      "- {name: both, type: reduce_mean, inputs: [th], axis: both}\n"
      "- {name: gap, type: average_pool, inputs: [th], global: true}\n"
      "- {name: gmp, type: max_pool, inputs: [th], global: true}\n"
      "- {name: flat, type: reshape, inputs: [rows], shape: {channels: 18, rows: 1, columns: 1}}\n";
  CHECK(recomputed(network(layers, 1)) == 14);
  CHECK(recomputed(network(layers, 2)) == 14);
  CHECK(recomputed(network(layers, 2), {Bits{8}, Bits{6}, Bits{20}, Bits{8}}) == 14);
  const auto n = network(layers, 2);
  const ForwardPass pass{n, {}, 3};
  CHECK(pass.output(12) == pass.output(13));  // a mean over both is a global average pool
  CHECK(pass.output(1) == pass.output(0));
  CHECK(n.layer("c1").bias);  // the normalisation's
  CHECK(n.layer("flat").place == PlaceOf::Folded);
  CHECK(n.layer("flat").place_reason == "nothing to do: the same words in the same order");
  CHECK(n.layer("bn1").place_reason == "nothing to do: part of the filters and biases of c1");
  CHECK(n.layer("sum").uses_table());
  CHECK(n.layer("sig").uses_table());
  CHECK_FALSE(n.layer("local").uses_table());
  CHECK(pass.reads_network_input(3));
  CHECK_FALSE(pass.reads_network_input(4));
}

TEST_CASE("a sum keeps the range of its inputs unless the file says otherwise", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: add, inputs: [data, data, data, data]}\n"
      "- {name: b, type: add, inputs: [data, data], output_shift: 3}\n"
      "- {name: c, type: multiply, inputs: [data, data]}\n");
  const ForwardPass pass{n, {Bits{16}, Bits{16}, Bits{32}, Bits{16}}, 1};
  CHECK(pass.operands(0).arithmetic.output_shift == 2);
  CHECK(pass.output(0) == pass.inputs(0)[0]);
  CHECK(pass.operands(1).arithmetic.output_shift == 3);
  CHECK(pass.operands(2).arithmetic.product_shift == 10);
  const ForwardPass narrow{n, {}, 1};  // squares of words up to 2^15 in psums of 16 bits
  CHECK(narrow.operands(2).arithmetic.product_shift == 15);
}

TEST_CASE("zeros are met through an addition by the input computed last", "[unit][workloads]") {
  const auto n = network(
      "- {name: a, type: conv, inputs: [data], out_channels: 8, kernel: {rows: 3, columns: 3}}\n"
      "- {name: b, type: conv, inputs: [data], out_channels: 8, kernel: {rows: 3, columns: 3}}\n"
      "- {name: s, type: add, inputs: [a, b], activation: relu, output_shift: 0}\n"
      "- {name: d, type: conv, inputs: [s], out_channels: 2, kernel: {rows: 1, columns: 1}, input_zeros: 0.7}\n",
      1, "kind: workload\nname: net\ninputs:\n- {name: data, channels: 4, rows: 30, columns: 30}\n");
  const ForwardPass pass{n, {}, 1};
  CHECK(pass.input_zero_share(3) == Approx(0.7).margin(0.01));
}

TEST_CASE("what does not fit is refused in words", "[unit][workloads]") {
  CHECK(wrong("- {name: a, type: add, inputs: [data]}\n- {name: b, type: multiply, inputs: [data, data, data]}\n"
              "- {name: c, type: concat, inputs: [data]}\n- {name: d, type: reshape, inputs: [data, data], shape: "
              "{channels: 1, rows: 1, columns: 48}}\n") ==
        "net.yaml:6:3: error: a has 1 input; an add layer reads two or more\n"
        "net.yaml:7:3: error: b has 3 inputs; a multiply layer reads exactly two\n"
        "net.yaml:8:3: error: c has 1 input; a concat layer reads two or more\n"
        "net.yaml:9:3: error: d has 2 inputs; a reshape layer reads exactly one");
  const std::string half = "- {name: p, type: max_pool, inputs: [data], kernel: {rows: 3, columns: 2}}\n";
  CHECK(wrong(half + "- {name: a, type: add, inputs: [data, p]}\n") ==
        "net.yaml:7:3: error: a reads data of 1 x 4 x 3 x 2 and p of 1 x 4 x 1 x 1; the inputs of add must have equal "
        "shapes");
  CHECK(wrong(half + "- {name: a, type: concat, inputs: [data, p], axis: rows}\n") ==
        "net.yaml:7:3: error: a reads data of 1 x 4 x 3 x 2 and p of 1 x 4 x 1 x 1; inputs joined along rows may "
        "differ in rows alone");
  CHECK(wrong("- {name: a, type: channel_shuffle, inputs: [data], groups: 3}\n") ==
        "net.yaml:6:3: error: 3 groups do not divide the 4 channels of a; choose a number that divides them");
  CHECK(
      wrong("- {name: a, type: reshape, inputs: [data], shape: {channels: 5, rows: 1, columns: 5}}\n") ==
      "net.yaml:6:3: error: a makes 25 elements (1 x 5 x 1 x 5) of 24 (1 x 4 x 3 x 2); a reshape keeps every element");
  CHECK(wrong("- {name: a, type: max_pool, inputs: [data]}\n"
              "- {name: b, type: max_pool, inputs: [data], global: true, kernel: {rows: 1, columns: 1}}\n"
              "- {name: c, type: max_pool, inputs: [data], global: true, padding: {top: 1}}\n") ==
        "net.yaml:6:3: error: a has no kernel; give it one, or write `global: true`\n"
        "net.yaml:7:3: error: b is global, and it has a kernel; leave one of the two out\n"
        "net.yaml:8:3: error: c is global, and it has padding; leave one of the two out");
  CHECK(wrong("- {name: a, type: relu, inputs: [data], place: folded}\n") ==
        "net.yaml:6:3: error: a cannot be folded; write `place: machine` or `place: host`");
}

TEST_CASE("a normalisation is folded into the filters before it or refused", "[unit][workloads]") {
  const std::string must =
      "; a batch_norm must follow a conv, fully_connected or locally_connected layer that has no activation and no "
      "other reader";
  const std::string conv = "- {name: c, type: conv, inputs: [data], out_channels: 2, kernel: {rows: 1, columns: 1}";
  CHECK(wrong("- {name: a, type: batch_norm, inputs: [data]}\n") == "net.yaml:6:3: error: a follows no layer" + must);
  CHECK(
      wrong(
          "- {name: p, type: max_pool, inputs: [data], global: true}\n- {name: a, type: batch_norm, inputs: [p]}\n") ==
      "net.yaml:7:3: error: a follows p (max_pool)" + must);
  CHECK(wrong(conv + ", activation: relu}\n- {name: a, type: batch_norm, inputs: [c]}\n") ==
        "net.yaml:7:3: error: a follows the activation of c" + must);
  CHECK(wrong(conv + "}\n- {name: a, type: batch_norm, inputs: [c]}\n- {name: r, type: relu, inputs: [c]}\n") ==
        "net.yaml:7:3: error: a follows c, which others read too" + must);
}

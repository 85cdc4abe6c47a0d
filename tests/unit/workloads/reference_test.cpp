// Each operation against numbers worked out by hand.

#include <catch2/catch.hpp>

#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;
using Words16 = std::vector<std::int16_t>;

namespace {

Tensor column(const Words16& channels) {
  Tensor t{{1, static_cast<std::int64_t>(channels.size()), 1, 1}};
  t.data() = channels;
  return t;
}

}  // namespace

TEST_CASE("a dilated convolution in two groups, worked out by hand", "[unit][workloads]") {
  LayerNest l;
  l.extent = {{2, 1, 1, 1, 1, 2, 1, 2}};
  l.dilation = {1, 2};
  Tensor in{{1, 2, 1, 4}}, w{{2, 1, 1, 2}};
  in.data() = {1, 2, 3, 4, 5, 6, 7, 8};
  w.data() = {1, 10, 2, -1};
  // group 0: 1 + 30, 2 + 40; group 1: 10 - 7, 12 - 8
  CHECK(reference::conv(l, in, w, {}, {}).data() == Words16{31, 42, 3, 4});
}

TEST_CASE("a fully connected layer is a window as large as its input", "[unit][workloads]") {
  Layer layer{.name = "fc", .type = LayerType::FullyConnected, .out_channels = 2};
  layer.input = {2, 1, 1, 3};
  layer.output = {2, 2, 1, 1};
  const LayerNest l = *layer.nest();
  CHECK(l.extent == Extents{{1, 2, 2, 1, 1, 1, 1, 3}});
  CHECK(layer.macs() == Macs{12});
  CHECK(layer.weight_words() == Words{6});
  Tensor in{{2, 1, 1, 3}}, w{{2, 1, 1, 3}};
  in.data() = {1, 2, 3, 4, 5, 6};
  w.data() = {1, 10, 100, -1, 0, 1};
  // image 0: 321, 2; image 1: 654, 2; biases 1000 and -5
  CHECK(reference::conv(l, in, w, {1000, -5}, {}).data() == Words16{1321, -3, 1654, -3});
}

TEST_CASE("psums wrap at their width, outputs saturate at theirs", "[unit][workloads]") {
  LayerNest l;
  l.extent[C] = 2;
  Tensor w{{1, 2, 1, 1}};
  w.data() = {1, 1};
  const Tensor in = column({30000, 10000});
  const auto out = [&](std::int64_t psum_bits, bool relu) {
    const Arithmetic a{.widths = {Bits{16}, Bits{16}, Bits{psum_bits}, Bits{16}},
                       .activation = relu ? Activation::Relu : Activation::None};
    return reference::conv(l, in, w, {}, a).data()[0];
  };
  CHECK(out(16, false) == 40000 - 65536);
  CHECK(out(16, true) == 0);
  CHECK(out(17, false) == 32767);
  CHECK(out(32, false) == 32767);
}

TEST_CASE("ReLU clears what is negative and is a maximum over a window of one", "[unit][workloads]") {
  CHECK(reference::relu(column({-5, 0, 7, -32768, 32767})).data() == Words16{0, 0, 7, 0, 32767});
  Layer layer{.name = "relu", .type = LayerType::Relu};
  layer.input = layer.output = {2, 5, 3, 4};
  const LayerNest l = *layer.nest();
  CHECK(l.extent == Extents{{5, 2, 1, 1, 3, 4, 1, 1}});
  CHECK(l.reduction == Reduction::Maximum);
  CHECK(layer.macs() == Macs{0});
  CHECK(layer.weight_words() == Words{0});
}

TEST_CASE("LRN worked out by hand", "[unit][workloads]") {
  // A word of 128 stands for 1. With k = 1, alpha = size and beta = 1 the divisor is 1 + the squares of the neighbours.
  const Layer layer{.name = "norm", .type = LayerType::Lrn, .lrn_size = 3, .lrn_alpha = 3, .lrn_beta = 1, .lrn_k = 1};
  // 128 / 6, 256 / 6, 0 / 14, 384 / 10
  CHECK(reference::lrn(layer, column({128, 256, 0, 384}), Bits{16}).data() == Words16{21, 43, 0, 38});
  CHECK_FALSE(layer.nest());
}

TEST_CASE("softmax worked out by hand", "[unit][workloads]") {
  CHECK(reference::softmax(column({300, 300}), Bits{16}).data() == Words16{16384, 16384});
  CHECK(reference::softmax(column({7, 7}), Bits{8}).data() == Words16{64, 64});
  CHECK(reference::softmax(column({-32768, 0}), Bits{16}).data() ==
        Words16{0, 32767});  // exp(-16) is below half a word
  CHECK_FALSE(Layer{.name = "prob", .type = LayerType::Softmax}.nest());
}

TEST_CASE("sums of an average pool fit their psum, and the mean is shifted back", "[unit][workloads]") {
  LayerNest l;
  l.extent = {{1, 1, 1, 1, 1, 1, 2, 2}};
  l.reduction = Reduction::Sum;
  CHECK(reference::sum_shift(l, {}) == 2);  // four 16-bit words need 18 bits
  CHECK(reference::sum_shift(l, {Bits{16}, Bits{16}, Bits{32}, Bits{16}}) == 0);
  Tensor in{{1, 1, 2, 2}};
  in.data() = {32767, 32767, 32767, 32767};
  const Arithmetic a{.product_shift = 2};
  CHECK(reference::average_pool(l, in, a).data() == Words16{32764});  // 4 x 8191, times 4, by 4
  in.data() = {-32768, -32768, -32768, -32768};
  CHECK(reference::average_pool(l, in, a).data() == Words16{-32768});
}

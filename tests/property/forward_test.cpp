// Is the forward pass, which is quick, the plain reference to the bit?

#include <catch2/catch.hpp>

#include <numeric>

#include "tests/support/random_cases.hpp"
#include "tests/support/support.hpp"
#include "workloads/convolution.hpp"
#include "workloads/fast_words.hpp"
#include "workloads/forward.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// Every word there is, the ends of the range far more often than by chance.
Tensor any_words(Shape shape, Bits width, Random& r) {
  Tensor t{shape};
  const auto most = (std::int64_t{1} << (width.count() - 1)) - 1;
  for (auto& v : t.data())
    v = static_cast<std::int16_t>(r.chance(0.1) ? -most - 1 : r.chance(0.1) ? most : r.between(-most - 1, most));
  return t;
}

/// Wide enough for whole vectors, narrow enough for parts of them.
LayerNest any_convolution(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  LayerNest l;
  const bool depthwise = r.chance(0.2);
  l.extent = {
      {n(1, 3), n(1, 3), depthwise ? 1 : n(1, 9), depthwise ? 1 : n(1, 7), n(1, 9), n(1, 40), n(1, 4), n(1, 4)}};
  l.stride = {n(1, 4), n(1, 4)};
  l.dilation = {n(1, 3), n(1, 3)};
  l.padding = {n(0, 2), n(0, 2), n(0, 2), n(0, 2)};
  return l;
}

/// Rows and columns of the ifmap; more than the windows touch now and then.
Shape ifmap(const LayerNest& l, Random& r) {
  return {l.extent[N], l.extent[G] * l.extent[C],
          std::max<std::int64_t>(1, l.padded_rows() - l.padding.top - l.padding.bottom) + r.between(0, 1),
          std::max<std::int64_t>(1, l.padded_columns() - l.padding.left - l.padding.right) + r.between(0, 1)};
}

struct Case {
  LayerNest nest;
  Tensor input, weight;
  std::vector<std::int32_t> bias;
  Arithmetic arithmetic;
};

Case any_case(LayerNest l, Shape input, Random& r) {
  Case c{.nest = l, .input = {}, .weight = {}, .bias = {}, .arithmetic = {}};
  const Bits word{r.chance(0.3) ? r.between(2, 8) : 16};
  c.arithmetic = {.product_shift = static_cast<int>(r.chance(0.3) ? 16 * r.between(0, 1) : r.between(0, 31)),
                  .output_shift = static_cast<int>(r.between(0, 12)),
                  .widths = {word, word, Bits{r.chance(0.5) ? r.between(8, 16) : r.between(17, 32)}, word}};
  c.input = any_words(input, word, r);
  c.weight = any_words({l.extent[G] * l.extent[M], l.extent[C], l.extent[R], l.extent[S]}, word, r);
  if (r.chance(0.7))
    for (std::int64_t m = 0; m < l.extent[G] * l.extent[M]; ++m)
      c.bias.push_back(wrap(static_cast<std::int64_t>(r.next()), c.arithmetic.widths.psum));
  return c;
}

void check_psums(const Case& c, Random& r) {
  const auto truth = reference::psums(c.nest, c.input, c.weight, c.bias, c.arithmetic);
  for (const auto instructions : {fast::Instructions::Best, fast::Instructions::Portable}) {
    CAPTURE(static_cast<int>(instructions), c.arithmetic.product_shift, c.arithmetic.widths.psum.count());
    const auto jobs = static_cast<unsigned>(r.between(1, 3));
    REQUIRE(fast::psums(c.nest, c.input, c.weight, c.bias, c.arithmetic, jobs, instructions) == truth);
  }
}

Network shipped(const std::string& name, std::int64_t batch) {
  return Network::from_yaml(YamlDocument::from_file(test::source("configs/workloads/" + name + ".yaml")), batch);
}

bool same_operands(const LayerOperands& a, const LayerOperands& b) {
  return a.input == b.input && a.weight == b.weight && a.bias == b.bias && a.arithmetic == b.arithmetic;
}

}  // namespace

TEST_CASE("quick psums of any convolution are the plain ones", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    CAPTURE(seed);
    Random r{seed, "quick psums"};
    const auto l = any_convolution(r);
    check_psums(any_case(l, ifmap(l, r), r), r);
  }
}

TEST_CASE("quick psums of filters that cover their ifmap are the plain ones", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    Random r{seed, "quick runs"};
    LayerNest l;
    l.extent = {
        {r.between(1, 3), r.between(1, 9), r.between(1, 40), r.between(1, 60), 1, 1, r.between(1, 3), r.between(1, 3)}};
    check_psums(any_case(l, {l.extent[N], l.extent[G] * l.extent[C], l.extent[R], l.extent[S]}, r), r);
  }
}

TEST_CASE("quick maxima and finished words are the plain ones", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    CAPTURE(seed);
    Random r{seed, "quick words"};
    LayerNest l = any_convolution(r);
    l.extent[M] = l.extent[C] = 1;
    l.reduction = Reduction::Maximum;
    const auto c = any_case(l, ifmap(l, r), r);
    REQUIRE(fast::max_pool(l, c.input) == reference::max_pool(l, c.input));

    PsumTensor psums{c.input.shape()};
    const auto width = c.arithmetic.widths.psum;
    for (auto& v : psums.data()) v = wrap(static_cast<std::int64_t>(r.next()) >> r.between(0, 63), width);
    Arithmetic a = c.arithmetic;
    a.output_shift = static_cast<int>(r.between(0, 31));
    a.activation = r.chance(0.2)   ? Activation::None
                   : r.chance(0.3) ? Activation::Relu
                   : r.chance(0.3) ? Activation::Relu6
                   : r.chance(0.3) ? Activation::Sigmoid
                   : r.chance(0.5) ? Activation::Tanh
                                   : Activation::SigmoidComplement;
    REQUIRE(fast::finished(psums, a) == reference::finished(psums, a));
    REQUIRE(fast::activate(c.input, a) == reference::activate(c.input, a));

    const auto taken = r.between(-(std::int64_t{1} << (width.count() - 2)), std::int64_t{1} << (width.count() - 2));
    PsumTensor less = psums;
    for (auto& v : less.data()) v = wrap(v - taken, width);
    fast::take(psums, taken, width);
    REQUIRE(psums == less);
  }
}

TEST_CASE("a quick LRN is the plain one", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random r{seed, "quick lrn"};
    Layer l;
    l.lrn_size = 1 + 2 * r.between(0, 3);
    l.lrn_alpha = r.chance(0.5) ? 0.0001 : r.unit();
    l.lrn_beta = r.chance(0.7) ? 0.75 : r.unit();
    l.lrn_k = r.chance(0.5) ? 1 : 2 * r.unit();
    if (r.chance(0.3)) l.lrn_alpha = 0;  // quotients that are whole and half numbers
    if (r.chance(0.3)) l.lrn_k = 16;     // 16^0.75 = 8
    const Bits width{r.chance(0.5) ? 16 : r.between(4, 12)};
    const auto x = any_words({r.between(1, 2), r.between(1, 9), r.between(1, 5), r.between(1, 19)}, width, r);
    REQUIRE(fast::lrn(l, x, width) == reference::lrn(l, x, width));
  }
}

TEST_CASE("zeros counted on psums are zeros counted on words", "[property][workloads]") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    Random r{seed, "zero share"};
    const Bits psum{r.between(8, 32)};
    const Arithmetic a{.output_shift = static_cast<int>(r.between(0, psum.count() - 6)),
                       .widths = {Bits{8}, Bits{8}, psum, Bits{r.between(4, 16)}},
                       .activation = r.chance(0.5) ? Activation::Relu : Activation::Tanh};
    PsumTensor all{{1, 2, 5, 9}};
    for (auto& v : all.data()) v = wrap(static_cast<std::int64_t>(r.next()) >> (64 - psum.count()), psum) / 2;
    LayerNest l;
    l.extent = {{2, 1, 1, 1, 2, 4, 2, 3}};
    l.stride = {2, 2};
    l.reduction = Reduction::Maximum;
    const ZeroShare share{all, fast::max_pool(l, all), psum,
                          [&](std::int64_t v) { return finish(static_cast<std::int32_t>(v), a); }};
    int known = 0;
    for (int i = 0; i < 40; ++i) {
      const auto taken = r.between(-(std::int64_t{1} << (psum.count() - 1)), std::int64_t{1} << (psum.count() - 1));
      const auto quick = share.after(taken);
      PsumTensor moved = all;
      bool wraps = false;
      for (auto& v : moved.data()) {
        wraps = wraps || wrap(v - taken, psum) != v - taken;
        v = wrap(v - taken, psum);
      }
      REQUIRE(quick.has_value() == !wraps);
      if (quick) REQUIRE(*quick == zero_share(reference::max_pool(l, reference::finished(moved, a))));
      known += quick ? 1 : 0;
    }
    CHECK(known > 0);
  }
}

TEST_CASE("a forward pass of some layers equals that of all, on any number of threads", "[property][workloads]") {
  const std::string name = GENERATE("alexnet", "tiny", "resnet8", "dscnn_kws", "kws_gru_s", "shidiannao_lenet5");
  const auto n = shipped(name, name == "alexnet" || name == "kws_gru_s" ? 1 : 2);
  CAPTURE(name);
  const Widths widths = name == "resnet8" ? Widths{Bits{8}, Bits{8}, Bits{32}, Bits{8}} : Widths{};
  const ForwardPass all{n, widths, 4};
  Random r{7, name};
  for (const unsigned jobs : {1U, 2U, 3U, 7U}) {
    std::vector<std::size_t> asked;
    for (std::size_t i = 0; i < n.layers().size(); ++i)
      if (n.layers()[i].type == LayerType::Conv ? r.chance(0.3) : r.chance(0.1)) asked.push_back(i);
    if (asked.empty()) asked.push_back(n.layers().size() / 2);
    const ForwardPass some{n, widths, 4, {.layers = asked, .jobs = jobs}};
    for (const auto i : asked) {
      CAPTURE(n.layers()[i].name, jobs);
      CHECK(same_operands(some.operands(i), all.operands(i)));
      CHECK(some.output(i) == all.output(i));
      CHECK(some.input_zero_share(i) == all.input_zero_share(i));
    }
  }
}

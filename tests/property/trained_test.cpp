// Does every machine compute a trained network's arithmetic to the bit, whichever way time is stepped?

#include <catch2/catch.hpp>

#include "sim/simulate.hpp"
#include "tests/support/random_cases.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/support.hpp"
#include "workloads/bind.hpp"
#include "workloads/reference.hpp"

using namespace eyrie;
using enum Dim;

namespace {

/// An element by element sum of a few tensors.
LayerNest random_sum(Random& r) {
  LayerNest l;
  l.reduction = Reduction::Sum;
  l.extent = {{r.between(1, 6), r.between(1, 2), 1, r.between(2, 4), r.between(1, 7), r.between(1, 7), 1, 1}};
  return l;
}

Tensor words(Shape shape, std::int64_t least, std::int64_t most, Random& r) {
  Tensor t{shape};
  for (auto& v : t.data()) v = static_cast<std::int16_t>(r.chance(0.2) ? 0 : r.between(least, most));
  return t;
}

Rescale random_rescale(double about, Random& r) {
  const double factor = about * (0.5 + r.unit());
  return r.chance(0.5) ? fixed_point(factor) : nearest_even(static_cast<float>(factor));
}

Requantisation random_requantisation(const LayerNest& l, bool sums, Random& r) {
  Requantisation q;
  const auto zero = r.between(-128, 127);
  q.least = static_cast<std::int32_t>(-128 - zero);
  q.most = static_cast<std::int32_t>(127 - zero);
  const auto channels = l.extent[G] * l.extent[M];
  const auto factors = r.chance(0.5) ? channels : 1;
  if (l.has_weights())
    for (std::int64_t c = 0; c < factors; ++c) q.by_channel.push_back(random_rescale(1.0 / 256, r));
  if (sums) {
    q.terms.resize(static_cast<std::size_t>(l.extent[C] * kTermSpan));
    for (auto& t : q.terms) t = static_cast<std::int32_t>(r.between(-(1 << 26), 1 << 26));
    q.by_channel = {random_rescale(std::exp2(-20), r)};
  } else if (l.reduction == Reduction::Sum) {
    q.mean_zero = static_cast<std::int32_t>(r.between(-128, 127));
    q.mean_out_zero = static_cast<std::int32_t>(zero);
  }
  if (r.chance(0.3))
    for (auto w = q.least; w <= q.most; ++w) q.table.push_back(static_cast<std::int16_t>(r.between(-255, 255)));
  return q;
}

Tensor truth(const LayerNest& l, const LayerOperands& o, bool sums) {
  if (l.has_weights())
    return reference::finished(reference::psums(l, o.input, o.weight, o.bias, o.arithmetic), o.arithmetic);
  if (l.reduction == Reduction::Maximum) return reference::activate(reference::max_pool(l, o.input), o.arithmetic);
  if (!sums) return reference::average_pool(l, o.input, o.arithmetic);
  Tensor out{Shape{l.extent[N], l.extent[G], l.extent[P], l.extent[Q]}};
  for (std::int64_t n = 0; n < l.extent[N]; ++n)
    for (std::int64_t g = 0; g < l.extent[G]; ++g)
      for (std::int64_t p = 0; p < l.extent[P]; ++p)
        for (std::int64_t q = 0; q < l.extent[Q]; ++q) {
          std::int32_t sum = 0;
          for (std::int64_t c = 0; c < l.extent[C]; ++c)
            sum += o.arithmetic.exact->terms[static_cast<std::size_t>(c * kTermSpan + kTermSpan / 2 +
                                                                      o.input.at(n, g * l.extent[C] + c, p, q))];
          out.at(n, g, p, q) = o.arithmetic.exact->finish(sum, g);
        }
  return out;
}

LayerOperands random_trained(const LayerNest& l, bool sums, Random& r) {
  LayerOperands o;
  const auto rows = std::max<std::int64_t>(1, l.padded_rows() - l.padding.top - l.padding.bottom);
  const auto columns = std::max<std::int64_t>(1, l.padded_columns() - l.padding.left - l.padding.right);
  o.input = words({l.extent[N], l.extent[G] * l.extent[C], rows, columns}, -255, 255, r);
  if (l.has_weights()) {
    o.weight = words({l.extent[G] * l.extent[M], l.extent[C], l.extent[R], l.extent[S]}, -128, 127, r);
    if (r.chance(0.7))
      for (std::int64_t m = 0; m < l.extent[G] * l.extent[M]; ++m)
        o.bias.push_back(static_cast<std::int32_t>(r.between(-(1 << 20), 1 << 20)));
  }
  o.arithmetic.widths = kExactWidths;
  o.arithmetic.mean = !sums;
  o.arithmetic.exact = std::make_shared<const Requantisation>(random_requantisation(l, sums, r));
  return o;
}

}  // namespace

TEST_CASE("every machine computes a trained network's words", "[property][trained]") {
  int sums_seen = 0, others_seen = 0;
  for (auto seed = test::first_seed(); seed < test::first_seed() + 160; ++seed) {
    Random r{seed, "trained"};
    const bool sums = r.chance(0.3);
    const auto a = r.chance(0.5) ? test::random_lockstep_machine(r) : test::random_machine(r);
    const auto l = sums ? random_sum(r) : test::random_layer(r);
    const auto m = test::random_mapping(l, a, r);
    if (!m) continue;
    const auto operands = random_trained(l, sums, r);
    const auto expected = truth(l, operands, sums);
    CAPTURE(seed, sums, a.name);
    for (const auto stepping : {Stepping::Replay, Stepping::RunAhead, Stepping::Cycle}) {
      SimulateOptions options;
      options.stepping = stepping;
      REQUIRE(simulate(l, a, *m, operands, options).ofmap == expected);
    }
    ++(sums ? sums_seen : others_seen);
  }
  CHECK(sums_seen > 5);
  CHECK(others_seen > 20);
}

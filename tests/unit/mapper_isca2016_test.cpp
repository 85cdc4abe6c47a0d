// mapper/isca2016: the published energy equations, the closed forms, and the pruned search against a plain one.

#include <catch2/catch.hpp>

#include <cmath>
#include <optional>

#include "base/random.hpp"
#include "mapper/isca2016.hpp"

using namespace eyrie;
using namespace eyrie::isca2016;

namespace {

LayerNest small_layer(Random& random) {
  const auto filter = random.between(1, 3), ofmap = random.between(1, 5), stride = random.between(1, 2);
  return {.extent = {{random.between(1, 2), random.between(1, 3), random.between(1, 6), random.between(1, 5), ofmap,
                      ofmap, filter, filter}},
          .stride = {stride, stride}};
}

Machine small_machine(Random& random) {
  return {.pes = random.between(1, 24), .glb_words = random.between(20, 400), .rf_words = random.between(3, 40)};
}

/// Every vector of parameters up to the layer's extents.
template <class Act>
void for_all(const LayerNest& layer, Act act) {
  const auto& x = layer.extent;
  Parameters k;
  for (k.n = 1; k.n <= x[Dim::N]; ++k.n)
    for (k.m = 1; k.m <= x[Dim::M]; ++k.m)
      for (k.f = 1; k.f <= x[Dim::Q]; ++k.f)
        for (k.p = 1; k.p <= x[Dim::M]; ++k.p)
          for (k.q = 1; k.q <= x[Dim::C]; ++k.q)
            for (k.r = 1; k.r <= x[Dim::C]; ++k.r)
              for (k.t = 1; k.t <= x[Dim::M]; ++k.t) act(k);
}

/// Row stationary's limits and objective written down a second time, in floating point, as docs/isca2016.md prints
/// them. Square layers.
struct PlainRowStationary {
  double N, M, C, E, R, U, H, ni, nw, no;
  explicit PlainRowStationary(const LayerNest& l) {
    const auto of = [&](Dim d) { return static_cast<double>(l.extent[d]); };
    N = of(Dim::N), M = of(Dim::M), C = of(Dim::C), E = of(Dim::P), R = of(Dim::R);
    U = static_cast<double>(l.stride.rows), H = under(E);
    ni = of(Dim::G) * N * C * H * H, nw = of(Dim::G) * M * C * R * R, no = of(Dim::G) * N * M * E * E;
  }
  /// Ifmap rows under `f` ofmap rows; a stride beyond the filter leaves rows untouched.
  [[nodiscard]] double under(double f) const { return U <= R ? U * f + R - U : R * f; }
  static double up(double a, double b) { return std::ceil(a / b); }
  [[nodiscard]] bool legal(const Machine& machine, const Parameters& k) const {
    const double n = static_cast<double>(k.n), f = static_cast<double>(k.f);
    return n * static_cast<double>(k.m) * E * f + n * static_cast<double>(k.q * k.r) * H * under(f) <=
               static_cast<double>(machine.glb_words) &&
           R * static_cast<double>(k.f * k.r * k.t) <= static_cast<double>(machine.pes) &&
           static_cast<double>(k.p * k.q + k.q) * R + static_cast<double>(k.p) <=
               static_cast<double>(machine.rf_words) &&
           static_cast<double>(k.q * k.r) <= C && k.p * k.t <= k.m;
  }
  [[nodiscard]] double objective(const Parameters& k) const {
    const double n = static_cast<double>(k.n), m = static_cast<double>(k.m), f = static_cast<double>(k.f),
                 p = static_cast<double>(k.p), q = static_cast<double>(k.q), qr = static_cast<double>(k.q * k.r),
                 pt = static_cast<double>(k.p * k.t);
    const double halo = under(f) / f * (E / H);
    const double dram = nw * up(N, n) * up(E, f) + ni * up(M, m) * halo + no;
    const double glb = ni * up(M, pt) * halo + 2 * no * (up(C, qr) - 1);
    const double array = nw * up(N, n) * E + ni * up(M, p) * R * E / H;
    const double psums = no * (up(C, q) * R - up(C, qr));
    const double rf = nw * N * E * E + ni * M * R * R * (E / H) * (E / H) + 2 * no * (C * R * R - up(C, q) * R);
    return 200 * dram + 6 * glb + 2 * (array + 2 * psums) + rf + nw * N * E * E;
  }
};

}  // namespace

TEST_CASE("the paper's equations price reuse at each level", "[unit][mapper]") {
  // ISCA 2016, the worked example of eq. (3), seen in the text: 1 x 200 + 2 x 6 + 6 x 2 + 24 x 1
  CHECK(input_data_energy({.a = 1, .b = 2, .c = 3, .d = 4}) == 248);
  // eq. (4) by hand: (2-1) 200 + 2 (2-1) 6 + 2 (3-1) 2 + 2 x 6 (4-1) 1
  CHECK(psum_energy({.a = 1, .b = 2, .c = 3, .d = 4}) == 200 + 12 + 8 + 36);
  CHECK(input_data_energy({}) == 209);
  CHECK(psum_energy({}) == 200);
}

TEST_CASE("row stationary's closed forms, worked out by hand", "[unit][mapper]") {
  // G 2, N 2, M 4, C 3, ofmap 4 x 4, filter 3 x 3, stride 1: padded ifmap 6 x 6.
  const LayerNest layer{.extent = {{2, 2, 4, 3, 4, 4, 3, 3}}};
  const Parameters k{.n = 1, .m = 2, .f = 2, .p = 1, .q = 2, .r = 1, .t = 2};
  const auto c = cost(Dataflow::RowStationary, layer, k);
  // filters 2 x 4 x 3 x 9 = 216, ifmap columns 2 x 2 x 3 x 6 = 72 words, ofmap 2 x 2 x 4 x 16 = 256, MACs 6912
  CHECK(c.macs.count() == 6912);
  CHECK(c.energy.alu == 6912);
  // two passes over the images, two strips; each filter half reads 72 x 4 x (4 columns under 2) / 2 = 576 ifmap words
  CHECK(c.dram_reads == 216 * 2 * 2 + 576 * 2);
  CHECK(c.dram_writes == 256);
  CHECK(c.energy.dram == 200 * (864 + 1152 + 256));
  CHECK(c.energy.glb == 6 * (576 * 2 + 2 * 256 * 1));
  // psums: two channel rounds of three filter rows, less those that go through the GLB
  CHECK(c.energy.array == 2 * (216 * 2 * 4 + 72 * 4 * 3 * 4 + 256 * (2 * 3 - 2)));
  CHECK(c.energy.rf == 6912 * 2 + 2 * 256 * (27 - 6));
  CHECK(c.objective == c.energy.total() + 2 * 256 * (2 * 3 - 2));
  CHECK(c.active_pes == 3 * 2 * 1 * 2);
  CHECK(c.dram_accesses_per_op() == Approx(2272.0 / 6912));
}

TEST_CASE("row stationary's limits, each met exactly and missed by one", "[unit][mapper]") {
  const LayerNest layer{.extent = {{2, 2, 4, 3, 4, 4, 3, 3}}};
  const Parameters k{.n = 1, .m = 2, .f = 2, .p = 1, .q = 2, .r = 1, .t = 2};
  // GLB 1 x 2 x 4 x 2 psums + 1 x 2 x 6 x 4 ifmap words; PEs 3 x 2 x 2; RF 2 x 3 filter + 2 x 3 ifmap words + 1 psum
  const Machine exact{.pes = 12, .glb_words = 64, .rf_words = 13};
  const auto may = [&](Machine machine, Parameters x) { return fits(Dataflow::RowStationary, layer, machine, x); };
  CHECK(may(exact, k));
  CHECK_FALSE(may({.pes = 11, .glb_words = 64, .rf_words = 13}, k));
  CHECK_FALSE(may({.pes = 12, .glb_words = 63, .rf_words = 13}, k));
  CHECK_FALSE(may({.pes = 12, .glb_words = 64, .rf_words = 12}, k));
  CHECK_FALSE(may({.pes = 99, .glb_words = 999, .rf_words = 99}, {.m = 2, .p = 1, .t = 3}));  // p t > m
  CHECK_FALSE(may({.pes = 99, .glb_words = 999, .rf_words = 99}, {.q = 2, .r = 2}));          // q r > C
  CHECK_FALSE(may({.pes = 99, .glb_words = 999, .rf_words = 99}, {.n = 3}));                  // n > N
}

TEST_CASE("the pruned search finds what a plain loop over all mappings finds", "[unit][mapper]") {
  int with_mapping = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    CAPTURE(seed);
    Random random{seed, "isca2016"};
    const auto layer = small_layer(random);
    const auto machine = small_machine(random);
    const PlainRowStationary plain{layer};
    double least = INFINITY;
    std::int64_t legal = 0;
    for_all(layer, [&](const Parameters& k) {
      if (!plain.legal(machine, k)) return;
      ++legal;
      least = std::min(least, plain.objective(k));
    });
    const auto found = optimise(Dataflow::RowStationary, layer, machine);
    CHECK(mapspace_size(Dataflow::RowStationary, layer, machine) == legal);
    REQUIRE(found.has_value() == (legal > 0));
    if (!found) continue;
    ++with_mapping;
    CHECK(found->cost.objective == Approx(least).epsilon(1e-12));
    CHECK(plain.objective(found->parameters) == Approx(least).epsilon(1e-12));
    CHECK(plain.legal(machine, found->parameters));
    CHECK(found->visited <= legal);
  }
  CHECK(with_mapping > 40);
}

namespace {

using enum Dataflow;
constexpr Dataflow kAll[] = {RowStationary,     WeightStationary,  OutputStationaryA,
                             OutputStationaryB, OutputStationaryC, NoLocalReuse};
/// Only the layer limits what fits.
constexpr Machine kRoomy{.pes = 1 << 20, .glb_words = 1 << 20, .rf_words = 1 << 20};
constexpr std::int64_t Parameters::*kMembers[] = {&Parameters::n, &Parameters::m, &Parameters::e, &Parameters::f,
                                                  &Parameters::p, &Parameters::q, &Parameters::r, &Parameters::t};

/// Every legal mapping, by trying all values of all eight parameters up to the layer's largest extent.
template <class Act>
void for_all_legal(Dataflow d, const LayerNest& layer, const Machine& machine, std::int64_t most, Act act,
                   Parameters x = {}, std::size_t i = 0) {
  if (i == std::size(kMembers)) {
    if (fits(d, layer, machine, x)) act(x);
    return;
  }
  for (std::int64_t value = 1; value <= most; ++value) {
    x.*kMembers[i] = value;
    for_all_legal(d, layer, machine, most, act, x, i + 1);
  }
}

}  // namespace

TEST_CASE("the search is exact for every dataflow, ties between active PEs included", "[unit][mapper]") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    Random random{seed, "isca2016 dataflows"};
    LayerNest layer = small_layer(random);
    for (auto& extent : layer.extent.of) extent = std::min<std::int64_t>(extent, 3);
    const Machine machine{random.between(4, 12), random.between(40, 200), random.between(4, 20)};
    for (const auto d : kAll) {
      CAPTURE(seed, name_of(d));
      std::optional<Cost> best;
      std::int64_t legal = 0;
      for_all_legal(d, layer, machine, 3, [&](const Parameters& x) {
        ++legal;
        const auto c = cost(d, layer, x);
        const double slack = best ? best->objective * 1e-12 : 0;
        if (!best || c.objective < best->objective - slack ||
            (c.objective <= best->objective + slack && c.active_pes > best->active_pes))
          best = c;
      });
      const auto found = optimise(d, layer, machine);
      CHECK(mapspace_size(d, layer, machine) == legal);
      REQUIRE(found.has_value() == best.has_value());
      if (!found) continue;
      CHECK(fits(d, layer, machine, found->parameters));
      CHECK(found->cost.objective == Approx(best->objective).epsilon(1e-12));
      CHECK(found->cost.active_pes == best->active_pes);
    }
  }
}

TEST_CASE("what the pruning rests on: a larger parameter never costs more and never frees room", "[unit][mapper]") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random{seed, "isca2016 monotone"};
    const auto layer = small_layer(random);
    const auto machine = small_machine(random);
    for (const auto d : kAll) {
      Parameters x;
      for (int step = 0; step < 20; ++step) {
        auto larger = x;
        larger.*kMembers[static_cast<std::size_t>(random.between(0, 7))] += 1;
        CAPTURE(seed, name_of(d), larger.n, larger.m, larger.e, larger.f, larger.p, larger.q, larger.r, larger.t);
        if (!fits(d, layer, kRoomy, larger)) continue;
        CHECK(cost(d, layer, larger).objective <= cost(d, layer, x).objective * (1 + 1e-12));
        CHECK(cost(d, layer, larger).active_pes >= cost(d, layer, x).active_pes);
        if (fits(d, layer, machine, larger)) CHECK(fits(d, layer, machine, x));
        x = larger;
      }
    }
  }
}

TEST_CASE("a layer whose filter is taller than the array has no row-stationary mapping", "[unit][mapper]") {
  const LayerNest layer{.extent = {{1, 1, 1, 1, 2, 2, 5, 5}}};
  CHECK_FALSE(optimise(Dataflow::RowStationary, layer, {.pes = 4}).has_value());
  CHECK(optimise(Dataflow::RowStationary, layer, {.pes = 5}).has_value());
}

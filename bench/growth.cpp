// How the cost of a simulation grows: with the array, with the layer, with the batch. A line of CSV for each point.
//
//   eyrie_bench_growth [SERIES[/MACHINE[/X]]]    all, or what begins so, for instance array/autonomous
//
// `autonomous` is Eyeriss v1 with row-stationary mappings, `lockstep` the TPU-like array with weights that stay.
// Buffers are as large as the largest point needs, networks as wide as the array wants, so that only what is named
// grows.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "bench/measure.hpp"
#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"

namespace eyrie::bench {

namespace {

using enum Dim;
using enum Operand;

/// A machine that ships, changed.
Architecture changed(const std::string& name, const std::vector<std::string>& overrides) {
  auto document = YamlDocument::from_file(EYRIE_SOURCE_DIR "/configs/architectures/" + name + ".yaml");
  for (const auto& o : overrides) document.apply(parse_override(o));
  return read_architecture(document);
}

/// Eyeriss v1 with rows x columns PEs.
Architecture autonomous(std::int64_t rows, std::int64_t columns) {
  const auto words = std::max<std::int64_t>(1, columns / 8);
  std::vector<std::string> all{fmt::format("array.rows={}", rows), fmt::format("array.columns={}", columns),
                               "buffers.glb.bank=512 KiB", "buffers.glb.capacity=13824 KiB"};
  for (const auto& [network, width] :
       {std::pair{"filter_gin", 4 * words}, {"ifmap_gin", words}, {"psum_gin", 4 * words}, {"psum_gon", 4 * words}}) {
    all.push_back(fmt::format("networks.{}.width={} words/cycle", network, width));
    all.push_back(fmt::format("networks.{}.fifo={} words", network, 4 * width));
  }
  for (const char* partition : {"fmap", "filter"})
    for (const char* port : {"read", "write"})
      all.push_back(fmt::format("buffers.glb.partitions.{}.{}={} words/cycle", partition, port, 4 * words));
  return changed("eyeriss_v1", all);
}

/// The systolic array with n x n PEs.
Architecture lockstep(std::int64_t n) {
  std::vector<std::string> all{fmt::format("array.rows={}", n), fmt::format("array.columns={}", n)};
  for (const char* network : {"input_edge", "weight_edge", "psum_edge", "psum_out"}) {
    all.push_back(fmt::format("networks.{}.width={} words/cycle", network, n));
    all.push_back(fmt::format("networks.{}.fifo={} words", network, n));
  }
  for (const auto& [buffer, partition] :
       {std::pair{"unified_buffer", "inputs"}, {"weight_buffer", "weights"}, {"accumulators", "psums"}}) {
    all.push_back(fmt::format("buffers.{}.bank=128 KiB", buffer));
    all.push_back(fmt::format("buffers.{}.capacity=16 MiB", buffer));
    for (const char* port : {"read", "write"})
      all.push_back(fmt::format("buffers.{}.partitions.{}.{}={} words/cycle", buffer, partition, port, n));
  }
  return changed("tpu_like_32x32", all);
}

/// A 3 x 3 convolution that keeps rows x rows.
LayerNest layer(std::int64_t batch, std::int64_t channels, std::int64_t depth, std::int64_t rows) {
  return {.extent = {{1, batch, channels, depth, rows, rows, 3, 3}},
          .stride = {},
          .dilation = {},
          .padding = {.top = 1, .bottom = 1, .left = 1, .right = 1}};
}

/// As many sets of 3 x e PEs as the array has room for: on other filters first, then on other channels.
Mapping rows_stay(const LayerNest& l, const Architecture& a) {
  const auto e = std::min(l.extent[P], a.array.columns);
  const auto sets = (a.array.rows / 3) * (a.array.columns / e);
  RowStationary parameters{.m = std::min<std::int64_t>(l.extent[M], 128), .n = 1, .e = e, .p = 16, .q = 4};
  while (2 * parameters.t <= sets && 2 * parameters.t * parameters.p <= l.extent[M]) parameters.t *= 2;
  while (2 * parameters.t * parameters.r <= sets && 2 * parameters.r * parameters.q <= l.extent[C] &&
         2 * parameters.r * 3 <= a.array.rows)
    parameters.r *= 2;
  return row_stationary(parameters, l, a);
}

/// A fold of rows channels x columns filters at one filter tap; the feature map passes by.
Mapping weights_stay(const LayerNest& l, const Architecture& a) {
  return {{keep("dram", {Input, Weight, Output}), temporal(N, 1), keep("unified_buffer", {Input}),
           temporal(M, std::min(l.extent[M], a.array.columns)), keep("accumulators", {Output}),
           temporal(C, std::min(l.extent[C], a.array.rows)), keep("weight_buffer", {Weight}), temporal(R, 1),
           temporal(S, 1), spatial(C, 1, Axis::Y), spatial(M, 1, Axis::X), keep("weight_register", {Weight}),
           temporal(P, 1), temporal(Q, 1), keep("psum_register", {Output}), keep("input_register", {Input})}};
}

/// Words of any value.
LayerOperands operands(const LayerNest& l, const Architecture& a) {
  Random random{1, "growth"};
  const auto words = [&](Tensor& t, Bits width) {
    const auto most = (std::int64_t{1} << (width.count() - 1)) - 1;
    for (auto& v : t.data()) v = static_cast<std::int16_t>(random.between(-most, most));
  };
  const Extents& x = l.extent;
  LayerOperands o;
  o.input = Tensor{Shape{x[N], x[C], x[P], x[Q]}};
  o.weight = Tensor{Shape{x[M], x[C], x[R], x[S]}};
  words(o.input, a.words.input);
  words(o.weight, a.words.weight);
  o.arithmetic = {.product_shift = 7, .output_shift = 2, .widths = a.words};
  return o;
}

/// One simulation.
struct Point {
  std::string series, machine;
  std::int64_t x;  ///< what grows
  LayerNest nest;
  std::function<Architecture()> architecture;
  std::function<Mapping(const LayerNest&, const Architecture&)> mapping;

  [[nodiscard]] std::string name() const { return fmt::format("{}/{}/{}", series, machine, x); }
};

void simulate_and_print(const Point& p) {
  const auto a = p.architecture();
  const auto m = p.mapping(p.nest, a);
  Diagnostics broken;
  legality(m, p.nest, a, {p.name(), 0, 0}, broken);
  broken.raise_if_any();
  const auto data = operands(p.nest, a);
  Least least;
  LayerResult result;
  const double began = cpu_seconds();
  for (int i = 0; i < 5 && (i == 0 || cpu_seconds() - began < 1); ++i) {
    const auto [seconds, now] = timed([&] { return simulate(p.nest, a, m, data); });
    least.take(seconds);
    result = now;
  }
  const auto pe_cycles = result.cycles.count() * a.array.rows * a.array.columns;
  fmt::print("{},{},{},{},{},{},{},{:.5f},{:.3f}\n", p.series, p.machine, p.x, a.array.rows * a.array.columns,
             p.nest.macs().count(), pe_cycles, result.passes, least.seconds,
             1e9 * least.seconds / static_cast<double>(pe_cycles));
  std::fflush(stdout);
}

std::vector<Point> points() {
  std::vector<Point> all;
  const auto both = [&](const std::string& series, std::int64_t x, const LayerNest& l, std::int64_t rows,
                        std::int64_t columns, std::int64_t n) {
    all.push_back({series, "autonomous", x, l, [=] { return autonomous(rows, columns); }, rows_stay});
    all.push_back({series, "lockstep", x, l, [=] { return lockstep(n); }, weights_stay});
  };
  for (const std::int64_t n : {8, 16, 32, 64, 128}) both("array", n, layer(1, 128, 128, 32), n, n, n);
  for (const std::int64_t n : {16, 32, 64, 128, 256, 512}) both("channels", n, layer(1, n, 32, 28), 12, 14, 32);
  for (const std::int64_t n : {16, 32, 64, 128, 256, 512}) both("depth", n, layer(1, 64, n, 28), 12, 14, 32);
  for (const std::int64_t n : {14, 28, 56, 112, 224}) both("rows", n, layer(1, 32, 16, n), 12, 14, 32);
  for (const std::int64_t n : {1, 2, 4, 8, 16, 32}) both("batch", n, layer(n, 64, 32, 14), 12, 14, 32);
  return all;
}

}  // namespace

}  // namespace eyrie::bench

int main(int count, char** values) {
  using namespace eyrie::bench;
  try {
    fmt::print("series,machine,x,pes,macs,pe_cycles,passes,cpu_s,ns_per_pe_cycle\n");
    auto all = points();
    std::ranges::stable_sort(all, {}, [](const Point& p) { return p.series + "/" + p.machine; });
    for (const auto& p : all)
      if (count < 2 || p.name().starts_with(values[1])) simulate_and_print(p);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 1;
  }
}

#include "dataflows/row_stationary.hpp"

#include <algorithm>

namespace eyrie {

void describe(Fields& f, RowStationary& k) {
  f.about("parameters of the row-stationary dataflow (JSSC 2017, Table II)");
  f.required("m", k.m, "ofmap channels whose psums rest in the buffer together", AtLeast(1));
  f.required("n", k.n, "ifmaps processed in a pass", AtLeast(1));
  f.required("e", k.e, "ofmap rows of a PE set", AtLeast(1));
  f.required("p", k.p, "filters interleaved in a PE", AtLeast(1));
  f.required("q", k.q, "channels interleaved in a PE", AtLeast(1));
  f.required("r", k.r, "PE sets on different channels", AtLeast(1));
  f.required("t", k.t, "PE sets on different filters", AtLeast(1));
}

namespace {

/// Adds loops whose trip count is more than one; a loop of one trip says nothing.
class NestBuilder {
 public:
  explicit NestBuilder(const Extents& layer) : left_{layer} {}
  void hold(const std::string& component, std::vector<Operand> tensors) {
    mapping_.nest.push_back(keep(component, std::move(tensors)));
  }
  void time(Dim d, std::int64_t step) { loop(temporal(d, std::min(step, left_[d])), d); }
  void space(Dim d, std::int64_t step, Axis axis) { loop(spatial(d, std::min(step, left_[d]), axis), d); }
  [[nodiscard]] Mapping done() && { return std::move(mapping_); }

 private:
  void loop(NestEntry entry, Dim d) {
    if (left_[d] <= entry.step) return;
    left_[d] = entry.step;
    mapping_.nest.push_back(std::move(entry));
  }
  Extents left_;
  Mapping mapping_;
};

}  // namespace

Mapping row_stationary(const RowStationary& k, const LayerNest& layer, const Architecture& a) {
  using enum Dim;
  using enum Operand;
  const auto& x = layer.extent;
  const auto e = std::min(k.e, x[P]);
  const auto bands = ceil_div(e, a.array.columns);  // segments of a set wider than the array
  const auto width = std::min(e, a.array.columns);
  const bool by_group = x[M] == 1 && x[G] > 1;  // pooling and depthwise: a plane per set
  const Dim copies = by_group ? G : M;
  const auto p = by_group ? 1 : k.p;
  const auto stacked = std::clamp<std::int64_t>(a.array.rows / std::max<std::int64_t>(1, x[R] * bands * k.r), 1, k.t);
  const auto beside = ceil_div(k.t, stacked);

  NestBuilder nest{x};
  nest.hold(a.dram.name, layer.has_weights() ? std::vector{Input, Weight, Output} : std::vector{Input, Output});
  nest.time(G, by_group ? k.t : 1);
  nest.time(P, e);
  nest.time(N, k.n);
  nest.time(M, k.m);
  nest.hold(a.buffer(Output)->name, {Output});
  nest.time(C, k.q * k.r);
  nest.hold(a.buffer(Input)->name, {Input});
  nest.time(M, p * k.t);
  if (layer.has_weights()) nest.hold(a.buffer(Weight)->name, {Weight});

  nest.space(P, width, Axis::Y);
  nest.space(copies, p * beside, Axis::Y);
  nest.space(C, k.q, Axis::Y);
  nest.space(R, 1, Axis::Y);
  nest.space(copies, p, Axis::X);
  nest.space(P, 1, Axis::X);

  if (layer.has_weights()) nest.hold(a.spad(Weight)->name, {Weight});
  nest.time(N, 1);
  nest.time(Q, 1);
  nest.hold(a.spad(Output)->name, {Output});
  nest.hold(a.spad(Input)->name, {Input});
  nest.time(S, 1);
  nest.time(C, 1);
  nest.time(M, 1);
  return std::move(nest).done();
}

}  // namespace eyrie

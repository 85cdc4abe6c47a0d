#include "dataflows/nest_loops.hpp"

#include <algorithm>

#include "base/ensure.hpp"

namespace eyrie {

static std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
static std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

NestLoops::NestLoops(const LayerNest& l, const Architecture& a) : layer_{l.extent} {
  for (Operand t : kAllOperands) {
    if (t == Operand::Weight && !l.has_weights()) continue;
    ensure(a.buffer(t) && a.spad(t), "a machine has a buffer and a spad for each tensor");
    buffer_[at(t)] = &a.buffer(t)->name;
    spad_[at(t)] = &a.spad(t)->name;
  }
  for (auto& x : of) {
    x.outside.loops.push_back({});
    x.inside.loops.push_back({});
  }
  for (Dim d : kAllDims)
    if (layer_[d] > 1) dims.push_back(d);
}

void NestLoops::begin() {
  for (Dim d : dims) {
    auto& x = of[at(d)];
    x.outside.loops.clear();
    x.outside.loops.push_back({.position = -1, .step = layer_[d], .count = 1});
    x.inside.loops.clear();
    x.outside.used = x.inside.used = {};
    x.spatial.clear();
    x.ragged = false;
  }
  innermost_outside = innermost_inside = Dim::M;
}

void NestLoops::read(const Mapping& m) {
  begin();
  const auto spatial = std::ranges::find_if(m.nest, [](const NestEntry& e) { return e.spatial.has_value(); });
  const auto pass = spatial == m.nest.end() ? m.pass_position() : static_cast<std::size_t>(spatial - m.nest.begin());
  outside(m, pass);
  inside(m, pass);
}

/// The tensors that an entry keeps in these components are met.
static void meet(const NestEntry& e, const std::array<const std::string*, 3>& names,
                 std::array<std::uint32_t, 3>& wanted) {
  for (Operand t : e.tensors)
    if (wanted[at(t)] && *e.keep == *names[at(t)]) wanted[at(t)] = 0;
}

/// One more loop, unless it has a single iteration.
static bool append(LoopStretch& stretch, std::size_t position, std::int64_t step, bool& ragged,
                   const std::array<std::uint32_t, 3>& wanted) {
  const auto& cut = stretch.loops.back();
  if (step >= cut.step) return false;
  ragged = ragged || cut.step % step != 0;
  stretch.loops.push_back({static_cast<int>(position), step, cut.count * (cut.step / step)});
  for (std::size_t t = 0; t < 3; ++t) stretch.used[t] += wanted[t];
  return true;
}

void NestLoops::outside(const Mapping& m, std::size_t pass) {
  std::array<std::uint32_t, 3> wanted{};
  for (std::size_t t = 0; t < 3; ++t) wanted[t] = buffer_[t] ? 1 : 0;
  for (std::size_t i = 0; i < pass; ++i) {
    const auto& e = m.nest[i];
    if (!e.temporal) {
      meet(e, buffer_, wanted);
      continue;
    }
    auto& x = of[at(*e.temporal)];
    if (append(x.outside, i, e.step, x.ragged, wanted) && wanted[0] && e.temporal != Dim::M)
      innermost_outside = *e.temporal;
  }
  for (std::size_t t = 0; t < 3; ++t) passes_by[t] = wanted[t] != 0;
  for (Dim d : dims) of[at(d)].inside.loops.push_back({-1, of[at(d)].pass().step, of[at(d)].pass().count});
}

void NestLoops::inside(const Mapping& m, std::size_t pass) {
  std::array<std::uint32_t, 3> wanted{};
  for (std::size_t t = 0; t < 3; ++t) wanted[t] = spad_[t] ? 1 : 0;
  for (std::size_t i = pass; i < m.nest.size(); ++i) {
    const auto& e = m.nest[i];
    if (e.spatial) {
      auto& x = of[at(*e.spatial)];
      auto& part = x.inside.loops.front();
      if (e.step >= part.step) continue;
      x.ragged = x.ragged || part.step % e.step != 0;
      part.count *= part.step / e.step;
      part.step = e.step;
      x.spatial.push_back(e.step);
    } else if (e.temporal) {
      auto& x = of[at(*e.temporal)];
      if (append(x.inside, i, e.step, x.ragged, wanted) && wanted[0] && e.temporal != Dim::M)
        innermost_inside = *e.temporal;
    } else {
      meet(e, spad_, wanted);
    }
  }
}

}  // namespace eyrie

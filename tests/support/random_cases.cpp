#include "tests/support/random_cases.hpp"

#include <algorithm>

#include "dataflows/legality.hpp"
#include "dataflows/row_stationary.hpp"
#include "tests/support/support.hpp"

namespace eyrie::test {

using enum Dim;

static std::string set(const std::string& path, std::int64_t n, const char* unit = "") {
  return path + "=" + std::to_string(n) + unit;
}

static std::string flag(const std::string& path, bool on) { return path + (on ? "=true" : "=false"); }

Architecture random_machine(Random& r) {
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  std::vector<std::string> overrides{set("array.rows", n(1, 8)),
                                     set("array.columns", n(1, 7)),
                                     set("array.spads.ifmap_spad.depth", n(1, 14), " words"),
                                     set("array.spads.filter_spad.depth", n(1, 90), " words"),
                                     set("array.spads.psum_spad.depth", n(1, 12), " words"),
                                     set("array.mac.pipeline", n(1, 5), " cycles"),
                                     flag("array.mac.zero_gating", r.chance(0.5)),
                                     set("buffers.glb.partitions.fmap.read", n(1, 4), " words/cycle"),
                                     set("buffers.glb.partitions.fmap.write", n(1, 4), " words/cycle"),
                                     flag("buffers.glb.partitions.fmap.double_buffered", r.chance(0.3)),
                                     flag("buffers.glb.partitions.fmap.initial_psums", r.chance(0.7)),
                                     flag("buffers.glb.partitions.fmap.bypass", r.chance(0.4)),
                                     flag("buffers.glb.partitions.filter.bypass", r.chance(0.4))};
  for (const char* noc : {"filter_gin", "ifmap_gin", "psum_gin", "psum_gon", "psum_link"}) {
    const auto width = n(1, 4);
    overrides.push_back(set(std::string("networks.") + noc + ".width", width, " words/cycle"));
    overrides.push_back(set(std::string("networks.") + noc + ".fifo", n(width, 9), " words"));
    overrides.push_back(set(std::string("networks.") + noc + ".latency", n(1, 3), " cycles"));
  }
  Random kinds = r;  // a copy: what is drawn after the machine does not depend on its networks' kinds
  const auto one_of = [&](const std::vector<std::string>& all) {
    return all[static_cast<std::size_t>(kinds.between(0, std::ssize(all) - 1))];
  };
  for (const char* noc : {"filter_gin", "ifmap_gin", "psum_gin"})
    if (kinds.chance(0.7))
      overrides.push_back(std::string("networks.") + noc +
                          ".kind=" + one_of({"multicast", "bus", "broadcast", "unicast", "mesh"}));
  if (kinds.chance(0.7)) overrides.push_back("networks.psum_gon.kind=" + one_of({"bus", "unicast", "mesh"}));
  if (kinds.chance(0.5)) overrides.push_back("array.pitch=0.2 mm");
  for (const char* noc : {"filter_gin", "ifmap_gin"})
    overrides.push_back(flag(std::string("networks.") + noc + ".ahead", kinds.chance(0.5)));
  return eyeriss(overrides);
}

Architecture random_lockstep_machine(Random& r) {
  Architecture a = random_machine(r);
  put_in_lockstep(a, r);
  return a;
}

void put_in_lockstep(Architecture& a, Random& r) {
  const auto n = [&](std::int64_t low, std::int64_t high) { return r.between(low, high); };
  a.array.control = Control::Lockstep;
  a.array.lockstep = {.row_skew = n(0, 2),
                      .column_skew = n(0, 2),
                      .fold = r.chance(0.5) ? Fold::Whole : Fold::Used,
                      .overlap = r.chance(0.5),
                      .steps = r.chance(0.3) ? n(4, 200) : 0};
  a.dram.engines = r.chance(0.5) ? DmaEngines::PerTensor : DmaEngines::Shared;
  a.dram.request = Cycles{r.chance(0.3) ? n(1, 9) : 0};
  for (auto& b : a.buffers)
    for (auto& p : b.partitions) {
      p.bypass = false;
      p.double_buffered = r.chance(0.3);
      p.circular = !p.double_buffered && r.chance(0.5);
    }
  for (auto& noc : a.networks) {
    noc.latency = Cycles{n(0, 2)};
    noc.ahead = false;
    noc.kind.reset();
    using enum NocKind;
    const auto one_of = [&](const std::vector<NocKind>& all) {
      return all[static_cast<std::size_t>(n(0, std::ssize(all) - 1))];
    };
    if (noc.role == NocRole::Deliver && r.chance(0.8))
      noc.kind = one_of({Multicast, Bus, Broadcast, Unicast, Systolic});
    if (noc.role == NocRole::Collect && r.chance(0.7)) noc.kind = one_of({Bus, Unicast, Systolic});
    if (noc.role == NocRole::Forward && r.chance(0.3)) noc.kind = NocKind::AdderTree;
  }
  if (r.chance(0.3))
    a.networks.push_back(
        {.name = "neighbours", .role = NocRole::Forward, .tensor = Operand::Input, .kind = NocKind::Links});
}

LayerNest random_layer(Random& r) {
  LayerNest l;
  const auto n = [&](std::int64_t a, std::int64_t b) { return r.between(a, b); };
  l.reduction = r.chance(0.7) ? Reduction::MultiplyAdd : r.chance(0.5) ? Reduction::Maximum : Reduction::Sum;
  const bool conv = l.has_weights();
  l.extent = {{n(1, 3), n(1, 3), conv ? n(1, 7) : 1, conv ? n(1, 7) : 1, n(1, 9), n(1, 9), n(1, 3), n(1, 4)}};
  l.stride = {n(1, 3), n(1, 3)};
  if (conv) l.dilation = {n(1, 2), n(1, 2)};
  const auto pad = [&](std::int64_t padded, std::int64_t window) {
    return std::min({n(0, 2), (padded - 1) / 2, window - 1});
  };
  l.padding = {pad(l.padded_rows(), l.extent[R]), pad(l.padded_rows(), l.extent[R]),
               pad(l.padded_columns(), l.extent[S]), pad(l.padded_columns(), l.extent[S])};
  return l;
}

Mapping random_row_stationary(const LayerNest& l, const Architecture& a, Random& r) {
  const auto& x = l.extent;
  const auto n = [&](std::int64_t most) { return r.between(1, std::max<std::int64_t>(1, most)); };
  RowStationary k{.m = 1,
                  .n = n(x[N]),
                  .e = n(x[P]),
                  .p = n(std::min<std::int64_t>(x[M], 8)),
                  .q = n(std::min<std::int64_t>(x[C], 4)),
                  .r = n(3),
                  .t = n(4)};
  k.m = std::min(x[M], k.p * k.t * n(3));
  return row_stationary(k, l, a);
}

Mapping shuffled_outside(Mapping m, const Architecture& a, Random& r) {
  const auto end = m.pass_position();
  std::vector<NestEntry> loops, nest{m.nest.front()};
  for (std::size_t i = 1; i < end; ++i)
    if (m.nest[i].is_loop()) loops.push_back(m.nest[i]);
  // Loops over the same dimension keep their order: their steps shrink inwards.
  for (std::size_t i = loops.size(); i > 1; --i) {
    const auto j = static_cast<std::size_t>(r.between(0, static_cast<std::int64_t>(i) - 1));
    if (loops[i - 1].dim() != loops[j].dim() &&
        std::none_of(loops.begin() + static_cast<std::ptrdiff_t>(j), loops.begin() + static_cast<std::ptrdiff_t>(i),
                     [&](const NestEntry& e) {
                       return (&e != &loops[j] && e.dim() == loops[j].dim()) ||
                              (&e != &loops[i - 1] && e.dim() == loops[i - 1].dim());
                     }))
      std::swap(loops[i - 1], loops[j]);
  }
  const auto cut = static_cast<std::size_t>(r.between(0, static_cast<std::int64_t>(loops.size())));
  std::vector<Operand> tensors{Operand::Output, Operand::Input};
  if (m.nest.front().keeps(Operand::Weight)) tensors.push_back(Operand::Weight);
  for (std::size_t i = 0; i <= loops.size(); ++i) {
    for (Operand t : tensors) {
      const auto at = t == Operand::Output   ? cut
                      : t == Operand::Weight ? loops.size()
                                             : std::min(loops.size(), cut + 1);
      if (at == i) nest.push_back(keep(a.buffer(t)->name, {t}));
    }
    if (i < loops.size()) nest.push_back(loops[i]);
  }
  nest.insert(nest.end(), m.nest.begin() + static_cast<std::ptrdiff_t>(end), m.nest.end());
  return {nest};
}

namespace {

/// Builds the parts of a random nest from outside to inside.
class NestMaker {
 public:
  NestMaker(const LayerNest& l, const Architecture& a, Random& r) : l_{l}, a_{a}, r_{r}, left_{l.extent} {}

  Mapping make() {
    std::vector<Operand> tensors{Operand::Input, Operand::Output};
    if (l_.has_weights()) tensors.push_back(Operand::Weight);
    m_.nest.push_back(keep(a_.dram.name, tensors));
    const std::optional<Operand> past = bypass(tensors);
    auto outside = shuffled(temporal_loops(false));
    for (Operand t : tensors)
      if (t != past) insert(outside, keep(a_.buffer(t)->name, {t}));
    append(outside);
    append(spatial_loops());
    auto inside = shuffled(temporal_loops(true));
    for (Operand t : tensors) insert(inside, keep(a_.spad(t)->name, {t}));
    append(inside);
    return m_;
  }

 private:
  bool chance(double p) { return r_.chance(p); }
  std::int64_t some(std::int64_t most) { return r_.between(1, std::max<std::int64_t>(1, most)); }

  std::optional<Operand> bypass(const std::vector<Operand>& tensors) {
    const auto t = tensors[static_cast<std::size_t>(r_.between(0, std::ssize(tensors) - 1))];
    if (a_.partition(t)->bypass && chance(0.6)) return t;
    return std::nullopt;
  }

  /// Up to two cuts of each dimension; down to 1 if `all`.
  std::vector<NestEntry> temporal_loops(bool all) {
    std::vector<NestEntry> loops;
    for (Dim d : kAllDims) {
      for (int cuts = chance(0.3) ? 2 : 1; cuts > 0 && left_[d] > 1; --cuts) {
        if (!all && chance(0.4)) continue;
        const auto step = some(left_[d] - 1);
        loops.push_back(temporal(d, step));
        left_[d] = step;
      }
      if (all && left_[d] > 1) loops.push_back(temporal(d, 1));
      if (all) left_[d] = 1;
    }
    return loops;
  }

  std::vector<NestEntry> spatial_loops() {
    std::vector<NestEntry> loops, reducing;
    std::int64_t room[2] = {a_.array.columns, a_.array.rows};
    for (int tries = 0; tries < 8; ++tries) {
      const Dim d = kAllDims[static_cast<std::size_t>(r_.between(0, 7))];
      const bool reduces = !is_relevant(d, Operand::Output);
      const Axis axis = reduces || chance(0.5) ? Axis::Y : Axis::X;
      auto& left = room[static_cast<int>(axis)];
      if (left_[d] == 1 || left == 1) continue;
      const auto parts = std::min(left_[d], r_.between(2, left));
      const auto step = ceil_div(left_[d], parts);
      left /= ceil_div(left_[d], step);
      (reduces ? reducing : loops).push_back(spatial(d, step, axis));
      left_[d] = step;
    }
    // A reduced dimension that was cut before others keeps its order among its own kind.
    loops.insert(loops.end(), reducing.begin(), reducing.end());
    if (loops.empty()) loops.push_back(spatial(M, left_[M], Axis::X));
    return loops;
  }

  std::vector<NestEntry> shuffled(std::vector<NestEntry> loops) {
    std::vector<NestEntry> order;
    while (!loops.empty()) {
      const auto i = static_cast<std::size_t>(r_.between(0, std::ssize(loops) - 1));
      const auto first = std::ranges::find_if(loops, [&](const NestEntry& e) { return e.dim() == loops[i].dim(); });
      order.push_back(*first);
      loops.erase(first);
    }
    return order;
  }

  void insert(std::vector<NestEntry>& loops, const NestEntry& kept) {
    loops.insert(loops.begin() + static_cast<std::ptrdiff_t>(r_.between(0, std::ssize(loops))), kept);
  }
  void append(const std::vector<NestEntry>& entries) { m_.nest.insert(m_.nest.end(), entries.begin(), entries.end()); }

  const LayerNest& l_;
  const Architecture& a_;
  Random& r_;
  Extents left_;
  Mapping m_;
};

}  // namespace

Mapping random_nest(const LayerNest& l, const Architecture& a, Random& r) { return NestMaker{l, a, r}.make(); }

std::optional<Mapping> random_mapping(const LayerNest& l, const Architecture& a, Random& r) {
  for (int attempt = 0; attempt < 400; ++attempt) {
    Mapping m;
    if (attempt < 300 && r.chance(0.8)) {
      m = random_nest(l, a, r);
    } else {
      m = random_row_stationary(l, a, r);
      if (r.chance(0.5)) m = shuffled_outside(m, a, r);
    }
    if (is_legal(m, l, a)) return m;
  }
  return std::nullopt;
}

}  // namespace eyrie::test

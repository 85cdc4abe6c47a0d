#include "dataflows/takers.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace eyrie {

namespace {

using enum Dim;

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

/// A word as (batch, place in the pass), the batch counted alike in all PEs.
using WordKey = std::int64_t;

/// What one PE with a part of certain extents brings into a spad, in its nest's batches.
class Loads {
 public:
  using Point = std::array<std::int64_t, 5>;  ///< input: g n c row column; weight: g m c r s
  struct Load {
    std::int64_t batch = 0;
    Point at{};
  };

  Loads(const Mapping& m, const LayerNest& l, Operand t, std::size_t from, std::size_t to) : l_{l}, t_{t} {
    for (std::size_t i = from; i < to; ++i)
      if (m.nest[i].temporal && m.trips(l.extent, i) > 1)
        loops_.push_back({*m.nest[i].temporal, m.nest[i].step, m.trips(l.extent, i)});
    for (std::size_t i = 0; i < loops_.size(); ++i)
      if (is_relevant(loops_[i].dim, t)) innermost_ = i;
  }

  std::vector<Load> of(const Extents& part) {
    all_.clear();
    held_.reset();
    changed_ = 0;
    walk(0, {.offset = {{0, 0, 0, 0, 0, 0, 0, 0}}, .extent = part}, 0);
    return std::move(all_);
  }

 private:
  struct Loop {
    Dim dim;
    std::int64_t step, trips;
  };
  struct Tile {
    Extents offset, extent;
  };

  void walk(std::size_t i, const Tile& tile, std::int64_t batch) {
    if (i == loops_.size()) return bring(tile, batch);
    const auto [dim, step, trips] = loops_[i];
    for (std::int64_t k = 0; k * step < tile.extent[dim]; ++k) {
      Tile inner = tile;
      inner.offset[dim] += k * step;
      inner.extent[dim] = std::min(step, tile.extent[dim] - k * step);
      if (k > 0) changed_ = std::min(changed_, i);
      walk(i + 1, inner, batch * trips + k);
    }
  }

  void bring(const Tile& tile, std::int64_t batch) {
    const bool slides =
        held_ && innermost_ && changed_ == *innermost_ && t_ == Operand::Input && is_window(loops_[*innermost_].dim);
    changed_ = loops_.size();
    if (held_ && same(*held_, tile)) return;
    const auto now = sides(tile), before = slides ? sides(*held_) : std::array<std::vector<std::int64_t>, 5>{};
    held_ = tile;
    Point p{};
    add(now, before, 0, true, p, batch);
  }

  /// All points of a product of sides that are not points of another.
  void add(const std::array<std::vector<std::int64_t>, 5>& now, const std::array<std::vector<std::int64_t>, 5>& before,
           std::size_t side, bool had, Point& p, std::int64_t batch) {
    if (side == 5) {
      if (!had) all_.push_back({batch, p});
      return;
    }
    for (auto x : now[side]) {
      p[side] = x;
      add(now, before, side + 1, had && std::ranges::binary_search(before[side], x), p, batch);
    }
  }

  bool same(const Tile& x, const Tile& y) const {
    return std::ranges::all_of(kAllDims, [&](Dim d) {
      return !is_relevant(d, t_) || (x.offset[d] == y.offset[d] && x.extent[d] == y.extent[d]);
    });
  }

  std::array<std::vector<std::int64_t>, 5> sides(const Tile& tile) const {
    const auto plain = [&](Dim d) {
      std::vector<std::int64_t> all;
      for (std::int64_t x = 0; x < tile.extent[d]; ++x) all.push_back(tile.offset[d] + x);
      return all;
    };
    const auto lines = [&](Dim out, Dim tap, std::int64_t stride, std::int64_t dilation) {
      std::set<std::int64_t> all;
      for (auto o : plain(out))
        for (auto k : plain(tap)) all.insert(o * stride + k * dilation);
      return std::vector<std::int64_t>(all.begin(), all.end());
    };
    if (t_ == Operand::Weight) return {plain(G), plain(M), plain(C), plain(R), plain(S)};
    return {plain(G), plain(N), plain(C), lines(P, R, l_.stride.rows, l_.dilation.rows),
            lines(Q, S, l_.stride.columns, l_.dilation.columns)};
  }

  const LayerNest& l_;
  Operand t_;
  std::vector<Loop> loops_;
  std::optional<std::size_t> innermost_;  ///< loop that is relevant to the tensor
  std::optional<Tile> held_;
  std::size_t changed_ = 0;  ///< outermost loop that went on since the last look
  std::vector<Load> all_;
};

/// Where a part, or an extent, lies in the coordinates of a tensor.
Loads::Point corner(const LayerNest& l, Operand t, const Extents& o) {
  if (t == Operand::Weight) return {o[G], o[M], o[C], o[R], o[S]};
  return {o[G], o[N], o[C], o[P] * l.stride.rows + o[R] * l.dilation.rows,
          o[Q] * l.stride.columns + o[S] * l.dilation.columns};
}

}  // namespace

Takers::Takers(const Mapping& m, const LayerNest& l, const Architecture& a) : m_{m}, l_{l}, a_{a}, nest_{m, l, a} {}

std::vector<PassShape> Takers::shapes() const {
  std::vector<PassShape> all{{.extent = {}, .count = 1, .starting = 1}};
  for (Dim d : kAllDims) {
    const bool reduced = !is_relevant(d, Operand::Output);
    std::vector<PassShape> wider;
    for (const auto& shape : all)
      for (const auto& p : nest_.passes[at(d)]) {
        const bool starts = !reduced || p == nest_.passes[at(d)].front();
        PassShape s = shape;
        s.extent[d] = p.extent;
        s.count *= p.count;
        s.starting *= !starts ? 0 : reduced ? 1 : p.count;
        wider.push_back(s);
      }
    all = std::move(wider);
  }
  return all;
}

/// The loops of an axis share its coordinate; the outermost takes the coarsest part.
std::vector<Spot> Takers::spots(Dim d, std::int64_t extent) const {
  std::vector<Spot> all{{.part = {0, extent}}};
  for (std::size_t i = nest_.pass; i < m_.nest.size(); ++i) {
    const auto& e = m_.nest[i];
    if (e.spatial != d) continue;
    std::int64_t apart = 1;
    for (std::size_t k = i + 1; k < m_.nest.size(); ++k)
      if (m_.nest[k].spatial && m_.nest[k].axis == e.axis) apart *= m_.trips(l_.extent, k);
    std::vector<Spot> finer;
    for (const auto& s : all)
      for (std::int64_t k = 0; k * e.step < s.part.extent; ++k) {
        Spot f = s;
        f.part = {s.part.offset + k * e.step, std::min(e.step, s.part.extent - k * e.step)};
        (*e.axis == Axis::Y ? f.row : f.column) += k * apart;
        finer.push_back(f);
      }
    all = std::move(finer);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].first = i == 0;
    all[i].last = i + 1 == all.size();
  }
  return all;
}

std::vector<PePart> Takers::pes(const Extents& pass) const {
  std::vector<PePart> all(1);
  for (Dim d : kAllDims) {
    std::vector<PePart> finer;
    for (const auto& pe : all)
      for (const auto& s : spots(d, pass[d])) {
        PePart p = pe;
        p.row += s.row;
        p.column += s.column;
        p.offset[d] = s.part.offset;
        p.extent[d] = s.part.extent;
        if (!is_relevant(d, Operand::Output)) {
          p.first_of_sum = p.first_of_sum && s.first;
          p.last_of_sum = p.last_of_sum && s.last;
        }
        finer.push_back(p);
      }
    all = std::move(finer);
  }
  return all;
}

void Takers::for_each_word(Operand t, const std::vector<PePart>& pes, const Extents& pass,
                           const std::function<void(const std::vector<std::int32_t>&)>& each) const {
  Loads loads{m_, l_, t, nest_.pass, m_.position(a_.spad(t)->name, t)};
  std::map<Extents, std::vector<Loads::Load>> known;
  const auto size = corner(l_, t, pass);  // no coordinate of the pass is larger
  std::vector<std::pair<WordKey, std::int32_t>> wanted;
  for (std::size_t pe = 0; pe < pes.size(); ++pe) {
    const auto [it, fresh] = known.try_emplace(pes[pe].extent);
    if (fresh) it->second = loads.of(pes[pe].extent);
    const auto from = corner(l_, t, pes[pe].offset);
    for (const auto& load : it->second) {
      WordKey key = load.batch;
      for (std::size_t i = 0; i < 5; ++i) key = key * (size[i] + 1) + from[i] + load.at[i];
      wanted.emplace_back(key, static_cast<std::int32_t>(pe));
    }
  }
  std::ranges::sort(wanted);
  std::vector<std::int32_t> takers;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    takers.push_back(wanted[i].second);
    if (i + 1 < wanted.size() && wanted[i + 1].first == wanted[i].first) continue;
    each(takers);
    takers.clear();
  }
}

}  // namespace eyrie

#include "mapper/verify_floor.hpp"

#include <algorithm>

#include "dataflows/window.hpp"

namespace eyrie {

using enum Dim;
using enum Operand;

namespace {

std::size_t at(Dim d) { return static_cast<std::size_t>(d); }
std::size_t at(Operand t) { return static_cast<std::size_t>(t); }

std::size_t group_of(Dim d) {
  for (Operand t : kAllOperands)
    if (!is_relevant(d, t)) return at(t);
  return 3;
}

/// The extents of all passes.
Pieces passes_of(std::int64_t extent, const DimOption& o) {
  Pieces all;
  add(all, {.extent = o.pass, .count = o.passes - 1});
  add(all, {.extent = extent - (o.passes - 1) * o.pass});
  return all;
}

/// The extents of all PEs' parts.
Pieces parts_of(const Pieces& passes, const DimOption& o) {
  Pieces all;
  for (const auto& pass : passes)
    for (const auto& part : parts(pass.extent, {o.pe * o.columns, o.pe}))
      add(all, {.extent = part.extent, .count = pass.count});
  return all;
}

}  // namespace

Floor::Floor(const LayerNest& l, const Architecture& a, const std::array<std::vector<DimOption>, kDims>& options,
             std::array<bool, 3> passes_by)
    : l_{l}, a_{a}, passes_by_{passes_by} {
  whole_rows_ = touched(l.extent[P], l.extent[R], l.stride.rows, l.dilation.rows);
  whole_columns_ = touched(l.extent[Q], l.extent[S], l.stride.columns, l.dilation.columns);
  for (std::size_t i = kDims; i-- > 0;) {
    const Dim d = kOrder[i];
    const auto least = [&](std::int64_t DimOption::*what) {
      return options[at(d)].empty() ? 1 : (*std::ranges::min_element(options[at(d)], {}, what)).*what;
    };
    Begun& rest = rest_[i] = rest_[i + 1];
    rest.busiest *= least(&DimOption::busiest);
    if (!is_relevant(d, Output)) rest.reduced *= least(&DimOption::busiest);
    // Not psums: where their way through the buffer is cheaper than a hop, fewer passes may cost more.
    if (group_of(d) == at(Output)) continue;
    rest.passes *= least(&DimOption::passes);
    rest.group_passes[group_of(d)] *= least(&DimOption::passes);
    rest.group_parts[group_of(d)] *= least(&DimOption::parts);
  }
}

RowsColumns Floor::steps(Dim out) const {
  return out == P ? RowsColumns{l_.stride.rows, l_.dilation.rows} : RowsColumns{l_.stride.columns, l_.dilation.columns};
}

Begun Floor::with(const Begun& before, std::size_t i, const DimOption& o) const {
  Begun b = before;
  const Dim d = kOrder[i];
  b.option[at(d)] = &o;
  b.columns *= o.columns;
  b.rows *= o.rows;
  b.passes *= o.passes;
  b.busiest *= o.busiest;
  (is_relevant(d, Output) ? b.leaving : b.reduced) *= o.busiest;
  b.group_passes[group_of(d)] *= o.passes;
  b.group_parts[group_of(d)] *= o.parts;
  if (d == R || d == S) {
    const Dim out = d == R ? P : Q;
    const auto lines = lines_least(out, *b.option[at(out)], d, o);
    b.sent_lines *= lines.sent;
    b.delivered_lines *= lines.delivered;
  }
  return b;
}

Floor::Lines Floor::lines_least(Dim out, const DimOption& o, Dim tap, const DimOption& t) const {
  const auto [it, fresh] = least_.try_emplace({&o, &t});
  if (!fresh) return it->second;
  const auto outs = passes_of(l_.extent[out], o), taps = passes_of(l_.extent[tap], t);
  const auto step = steps(out);
  const auto sum = [&](const Pieces& a, const Pieces& b) {
    std::int64_t all = 0;
    for (const auto& x : a)
      for (const auto& y : b) all += x.count * y.count * touched(x.extent, y.extent, step.rows, step.columns);
    return all;
  };
  return it->second = {sum(outs, taps), sum(parts_of(outs, o), parts_of(taps, t))};
}

Traffic Floor::least(const Begun& b, std::size_t chosen) const {
  const auto& rest = rest_[chosen];
  const auto passes = [&](Operand t) { return b.group_passes[at(t)] * rest.group_passes[at(t)]; };
  const auto parts = [&](Operand t) { return b.group_parts[at(t)] * rest.group_parts[at(t)]; };
  Traffic w;
  w.passes_by = passes_by_;
  w.macs = l_.macs().count();
  w.passes = b.passes * rest.passes;
  const bool lockstep = a_.array.control == Control::Lockstep;
  w.longest_pe = std::max(b.busiest * rest.busiest, ceil_div(w.macs, a_.pes()));
  if (!lockstep) w.longest_pe += b.leaving * passes(Output);

  const auto outputs = l_.tile_words(Output, l_.extent).count(), filters = l_.tile_words(Weight, l_.extent).count();
  w.collected = outputs * passes(Output);
  w.sent[2] = w.delivered[2] = w.collected - (a_.partition(Output)->initial_psums ? 0 : outputs);
  w.joins = outputs * parts(Output);
  if (lockstep) w.column_steps = outputs * b.reduced * rest.reduced;
  w.hops = w.joins - w.collected;
  w.delivered[1] = filters * parts(Weight);
  w.sent[1] = sends_to_each(a_, Weight) ? w.delivered[1] : filters * passes(Weight);
  w.drained = outputs;
  if (!passes_by_[1]) w.tile_words[1] = filters;
  if (!passes_by_[0]) {
    w.tile_words[0] = l_.tile_words(Input, l_.extent).count();
    w.input_run = l_.extent[G] * l_.extent[C];
  }

  const auto undecided = (chosen < 2 ? whole_rows_ : 1) * (chosen < 4 ? whole_columns_ : 1);
  sent_ifmaps(w, b, b.sent_lines * undecided, b.delivered_lines * undecided, chosen);
  return w;
}

void Floor::sent_ifmaps(Traffic& w, const Begun& b, std::int64_t sent, std::int64_t delivered,
                        std::size_t chosen) const {
  const auto images = l_.extent[G] * l_.extent[N] * l_.extent[C];
  w.delivered[0] = images * delivered * b.group_parts[0] * rest_[chosen].group_parts[0];
  w.sent[0] =
      sends_to_each(a_, Input) ? w.delivered[0] : images * sent * b.group_passes[0] * rest_[chosen].group_passes[0];
}

Traffic Floor::exact(const Begun& b, const KeptNest& pe) const {
  Traffic w = least(b, kDims);
  const auto rows = lines(P, R, b, pe), columns = lines(Q, S, b, pe);
  sent_ifmaps(w, b, rows.sent * columns.sent, rows.delivered * columns.delivered, kDims);
  return w;
}

Floor::Lines Floor::lines(Dim out, Dim tap, const Begun& b, const KeptNest& pe) const {
  const auto side = [&](Dim d) {
    const auto& o = *b.option[at(d)];
    WindowSide s{.passes = passes_of(l_.extent[d], o), .steps = {o.pe * o.columns, o.pe}, .loops = {}};
    if (const auto tile = pe.tile[pe.place(Input)][d]; tile < o.pe) s.loops.push_back({1, tile, pe.slide == d});
    return s;
  };
  const auto step = steps(out);
  const auto outs = side(out), taps = side(tap);
  return {window_sent(outs, taps, step.rows, step.columns).up_to(1),
          window_delivered(outs, taps, step.rows, step.columns).up_to(1)};
}

}  // namespace eyrie

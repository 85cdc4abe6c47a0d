#include "dataflows/nest_pieces.hpp"

#include "dataflows/legality.hpp"

namespace eyrie {

static std::size_t at(Dim d) { return static_cast<std::size_t>(d); }

NestPieces::NestPieces(const Mapping& m, const LayerNest& l, const Architecture& a)
    : pass{m.pass_position()}, m_{m}, l_{l}, a_{a} {
  for (Dim d : kAllDims) {
    layer[at(d)] = {Piece{.extent = l.extent[d]}};
    std::vector<Cut> above;
    for (std::size_t i = 0; i < pass; ++i)
      if (m.nest[i].temporal == d) above.push_back({static_cast<int>(i), m.nest[i].step, false});
    for (const auto& p : cut(layer[at(d)], above)) add(passes[at(d)], {.extent = p.extent, .count = p.count});
    for (std::size_t i = pass; i < m.nest.size(); ++i)
      if (m.nest[i].spatial == d) spread[at(d)].push_back(m.nest[i].step);
    for (const auto& p : passes[at(d)]) spread_out(d, p);
  }
}

std::vector<Part> NestPieces::parts(Dim d, std::int64_t extent) const { return eyrie::parts(extent, spread[at(d)]); }

void NestPieces::spread_out(Dim d, const Piece& of_pass) {
  const auto all = parts(d, of_pass.extent);
  for (const auto& part : all) add(pes[at(d)], {.extent = part.extent, .count = of_pass.count});
  add(largest[at(d)], {.extent = all.front().extent, .count = of_pass.count});
}

CutsOf NestPieces::loops_between(std::size_t from, std::size_t to, Operand t) const {
  CutsOf cuts;
  Cut* innermost = nullptr;
  Dim its_dim = Dim::G;
  for (std::size_t i = from; i < to; ++i) {
    const auto& e = m_.nest[i];
    if (!e.temporal || m_.trips(l_.extent, i) == 1) continue;
    auto& of_dim = cuts[at(*e.temporal)];
    of_dim.reserve(to - from);  // `innermost` stays valid
    of_dim.push_back({static_cast<int>(i), e.step, false});
    if (!is_relevant(*e.temporal, t)) continue;
    innermost = &of_dim.back();
    its_dim = *e.temporal;
  }
  if (innermost && t == Operand::Input && is_window(its_dim)) innermost->slides = true;
  return cuts;
}

CutsOf NestPieces::above_tile(Operand t) const {
  return loops_between(0, passes_by(t) ? pass : m_.position(a_.buffer(t)->name, t), t);
}

CutsOf NestPieces::above_spad(Operand t) const { return loops_between(pass, m_.position(a_.spad(t)->name, t), t); }

WindowSide NestPieces::side(Dim d, const CutsOf& cuts) const { return {passes[at(d)], spread[at(d)], cuts[at(d)]}; }

bool NestPieces::passes_by(Operand t) const { return m_.position(a_.buffer(t)->name, t) == m_.nest.size(); }

bool NestPieces::hands_on() const { return eyrie::hands_on(m_, l_, a_); }

}  // namespace eyrie

#include "dataflows/legality.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "dataflows/legality_lockstep.hpp"
#include "dataflows/pieces.hpp"

namespace eyrie {

Words kept_words(const Mapping& mapping, const LayerNest& layer, std::size_t position, Operand t) {
  return layer.tile_words(t, mapping.tile_at(layer.extent, position));
}

bool hands_on(const Mapping& m, const LayerNest& l, const Architecture& a) {
  if (!a.network(NocRole::Forward, Operand::Input)) return false;
  for (std::size_t i = 0; i < m.nest.size(); ++i)
    if (m.nest[i].spatial && m.trips(l.extent, i) > 1 && !is_relevant(*m.nest[i].spatial, Operand::Input)) return false;
  return true;
}

Words spad_words(const Extents& tile, const LayerNest& l, const Architecture& a, Operand t) {
  if (t != Operand::Input || !a.network(NocRole::Forward, t)) return l.tile_words(t, tile);
  // A word waits for the neighbour's turn: a stride along the row, or a row of taps for each stride of rows.
  return Words{std::min(l.tile_words(t, tile).count(), l.stride.columns + tile[Dim::S] * l.stride.rows)};
}

std::array<bool, 3> passes_by(const Mapping& m, const LayerNest& l, const Architecture& a) {
  std::array<bool, 3> past{};
  for (Operand t : kAllOperands)
    past[static_cast<std::size_t>(t)] =
        (t != Operand::Weight || l.has_weights()) && m.position(a.buffer(t)->name, t) == m.nest.size();
  return past;
}

std::size_t tile_position(const Mapping& mapping, const Architecture& a, Operand t) {
  const auto keep = mapping.position(a.buffer(t)->name, t);
  return keep == mapping.nest.size() ? mapping.pass_position() : keep;
}

std::int64_t banks_taken(const Mapping& mapping, const LayerNest& layer, const Architecture& a, Operand t) {
  const auto* buffer = a.buffer(t);
  const auto position = mapping.position(buffer->name, t);
  if (position == mapping.nest.size()) return 0;
  const auto words_a_bank = buffer->bank.count() * 8 / a.width(t).count();
  const auto tile = kept_words(mapping, layer, position, t).count();
  return ceil_div(tile, words_a_bank) * (a.partition(t)->double_buffered ? 2 : 1);
}

namespace {

class Rules {
 public:
  Rules(const Mapping& m, const LayerNest& l, const Architecture& a, const Place& fallback, Diagnostics& wrong)
      : m_{m}, l_{l}, a_{a}, fallback_{fallback}, wrong_{wrong} {}

  void all() {
    if (m_.nest.empty() || !m_.nest.front().keep || *m_.nest.front().keep != a_.dram.name) {
      wrong_.error(fallback_, fmt::format("the nest does not begin with {}", a_.dram.name),
                   fmt::format("begin with `keep: {}, tensors: [input, weight, output]`", a_.dram.name));
      return;
    }
    const auto before = wrong_.all().size();
    loops();
    operation();
    keeps();
    if (wrong_.all().size() != before) return;  // what follows stands on well-formed loops and keeps
    array();
    if (a_.array.control == Control::Lockstep)
      lockstep_legality(m_, l_, a_, [this](std::size_t entry, std::string problem, std::string remedy) {
        error(entry, std::move(problem), std::move(remedy));
      });
    reduction();
    buffers();
    spads();
  }

 private:
  void error(std::size_t entry, std::string problem, std::string remedy) {
    const bool placed = entry < m_.nest.size() && m_.nest[entry].where.line > 0;
    wrong_.error(placed ? m_.nest[entry].where : fallback_, std::move(problem), std::move(remedy));
  }

  void loops() {
    Extents left = l_.extent;
    bool seen_spatial = false, after_spatial = false;
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      const auto& e = m_.nest[i];
      if (!e.is_loop()) continue;
      if (e.step < 1 || e.step > left[e.dim()])
        error(i,
              fmt::format("the step {} of {} is not between 1 and the {} that are left of it", e.step, name_of(e.dim()),
                          left[e.dim()]),
              "make the tile smaller inwards");
      else
        left[e.dim()] = e.step;
      if (e.spatial && after_spatial)
        error(i, "a temporal loop stands between spatial loops", "put all spatial loops next to each other");
      if (e.spatial) seen_spatial = true;
      if (e.temporal && seen_spatial) after_spatial = true;
    }
    for (Dim d : kAllDims)
      if (left[d] != 1)
        error(m_.nest.size(),
              fmt::format("{} of {} are left of {} inside all loops", left[d], l_.extent[d], name_of(d)),
              fmt::format("add a loop over {} with step 1", name_of(d)));
  }

  void operation() {
    if (!std::ranges::count(a_.array.mac.operations, l_.reduction))
      error(m_.nest.size(), fmt::format("the PEs of {} cannot do {}", a_.name, name_of(l_.reduction)),
            "place the layer on the host (`place: host`)");
  }

  void keeps() {
    const auto pass = m_.pass_position();
    for (std::size_t i = 1; i < m_.nest.size(); ++i)
      if (m_.nest[i].keep) known_component(i);
    for (Operand t : kAllOperands) {
      if (t == Operand::Weight && !l_.has_weights()) continue;
      if (!m_.nest.front().keeps(t))
        error(0, fmt::format("{} does not keep {}", a_.dram.name, name_of(t)), "every tensor begins and ends there");
      if (!passes_by(t)) one_keep(a_.buffer(t)->name, t, pass, true);
      one_keep(a_.spad(t)->name, t, pass, false);
    }
    bypass(pass);
  }

  /// Left out of a buffer that may be passed by.
  bool passes_by(Operand t) const {
    return a_.partition(t)->bypass && m_.position(a_.buffer(t)->name, t) == m_.nest.size();
  }

  void bypass(std::size_t pass) {
    std::vector<Operand> past;
    for (Operand t : kAllOperands)
      if ((t != Operand::Weight || l_.has_weights()) && passes_by(t)) past.push_back(t);
    if (past.size() > 1)
      error(m_.nest.size(), fmt::format("{} and {} both pass by the buffer", name_of(past[0]), name_of(past[1])),
            "the link serves one of them while a pass runs; keep the other in its buffer");
    if (!std::ranges::count(past, Operand::Output)) return;
    for (std::size_t i = 0; i < pass; ++i)
      if (m_.nest[i].temporal && !is_relevant(*m_.nest[i].temporal, Operand::Output) && m_.trips(l_.extent, i) > 1)
        error(i,
              fmt::format("output passes by the buffer, but a loop over {} outside the pass leaves psums unfinished",
                          name_of(*m_.nest[i].temporal)),
              fmt::format("keep output in {}, or put the loop inside the pass", a_.buffer(Operand::Output)->name));
  }

  void known_component(std::size_t i) {
    std::vector<std::string_view> known;
    for (const auto& b : a_.buffers) known.push_back(b.name);
    for (const auto& s : a_.array.spads) known.push_back(s.name);
    const auto& name = *m_.nest[i].keep;
    if (!std::ranges::count(known, name)) {
      error(i, fmt::format("{} has no memory called {}", a_.name, name), did_you_mean(name, known));
      return;
    }
    for (Operand t : m_.nest[i].tensors)
      if (a_.buffer(t)->name != name && a_.spad(t)->name != name)
        error(i, fmt::format("{} does not hold {} words", name, name_of(t)),
              fmt::format("keep {} in {} or {}", name_of(t), a_.buffer(t)->name, a_.spad(t)->name));
  }

  void one_keep(const std::string& component, Operand t, std::size_t pass, bool above) {
    const auto at = m_.position(component, t);
    const auto times =
        std::ranges::count_if(m_.nest, [&](const NestEntry& e) { return e.keeps(t) && *e.keep == component; });
    if (times != 1)
      error(at, fmt::format("{} is kept in {} {} times", name_of(t), component, times), "keep it there exactly once");
    else if (above ? at > pass : at < last_spatial())
      error(
          at, fmt::format("{} is kept in {} {} the spatial loops", name_of(t), component, above ? "inside" : "outside"),
          above ? "a buffer's tile stands outside the spatial loops" : "a spad's tile stands inside the spatial loops");
  }

  std::size_t last_spatial() const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].spatial) last = i;
    return last;
  }

  void array() {
    std::int64_t used[2] = {1, 1};
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].spatial) used[static_cast<int>(*m_.nest[i].axis)] *= m_.trips(l_.extent, i);
    if (used[0] > a_.array.columns)
      error(m_.pass_position(),
            fmt::format("the mapping needs {} columns of PEs, and {} has {}", used[0], a_.name, a_.array.columns),
            "take larger steps along x");
    if (used[1] > a_.array.rows)
      error(m_.pass_position(),
            fmt::format("the mapping needs {} rows of PEs, and {} has {}", used[1], a_.name, a_.array.rows),
            "take larger steps along y");
  }

  void reduction() {
    bool reducing = false;
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      const auto& e = m_.nest[i];
      if (!e.spatial || m_.trips(l_.extent, i) == 1) continue;
      const bool reduces = !is_relevant(*e.spatial, Operand::Output);
      if (reduces && *e.axis == Axis::X)
        error(i, fmt::format("{} is spread along x, and psums travel upwards only", name_of(*e.spatial)),
              "spread it along y");
      if (!reduces && reducing && *e.axis == Axis::Y)
        error(i,
              fmt::format(
                  "{} is spread along y inside a dimension whose psums are summed there, so they are no neighbours",
                  name_of(*e.spatial)),
              "put the loops over C, R and S inside the others along y");
      if (reduces && reducing) no_gap(i);
      if (reduces) reducing = true;
    }
    const auto held = m_.position(a_.spad(Operand::Output)->name, Operand::Output);
    for (std::size_t i = last_spatial() + 1; i < held; ++i)
      if (m_.nest[i].temporal && !is_relevant(*m_.nest[i].temporal, Operand::Output) && m_.trips(l_.extent, i) > 1)
        error(i,
              fmt::format("a loop over {} inside the PE lies outside the psums that it sums",
                          name_of(*m_.nest[i].temporal)),
              fmt::format("keep output in {} outside of it", a_.spad(Operand::Output)->name));
  }

  /// Inside another reduced dimension a remainder may not leave rows of the chain empty.
  void no_gap(std::size_t i) {
    const Dim d = *m_.nest[i].spatial;
    std::vector<Cut> outside;
    for (std::size_t k = 0; k < i; ++k)
      if (m_.nest[k].is_loop() && m_.nest[k].dim() == d) outside.push_back({static_cast<int>(k), m_.nest[k].step});
    const auto trips = m_.trips(l_.extent, i);
    for (const auto& piece : cut({{.extent = l_.extent[d]}}, outside))
      if (const auto its = ceil_div(piece.extent, m_.nest[i].step); its != trips)
        return error(
            i,
            fmt::format("{} takes {} rows of PEs, but a remainder of it only {}, which leaves a gap in the chain "
                        "of psums",
                        name_of(d), trips, its),
            "choose steps that divide it, or put it outside the other reduced dimensions");
  }

  void buffers() {
    for (const auto& b : a_.buffers)
      for (const auto& p : b.partitions) {
        std::int64_t taken = 0;
        std::string parts;
        for (Operand t : p.tensors) {
          if (t == Operand::Weight && !l_.has_weights()) continue;
          const auto banks = banks_taken(m_, l_, a_, t);
          taken += banks;
          parts +=
              fmt::format("{}{} {} of {}", parts.empty() ? "" : ", ", banks, banks == 1 ? "bank" : "banks", name_of(t));
        }
        if (taken > p.banks)
          error(m_.position(b.name, p.tensors.front()),
                fmt::format("the tiles take {} of {} ({}), and partition {} has {}", taken, b.name, parts, p.name,
                            p.banks),
                "make the tiles smaller");
      }
  }

  void spads() {
    for (Operand t : kAllOperands) {
      if (t == Operand::Weight && !l_.has_weights()) continue;
      const auto& spad = *a_.spad(t);
      const auto at = m_.position(spad.name, t);
      const auto words = spad_words(m_.tile_at(l_.extent, at), l_, a_, t);
      if (words > spad.depth)
        error(at,
              fmt::format("{} words of {} do not fit {} of {} words", words.count(), name_of(t), spad.name,
                          spad.depth.count()),
              "make the tile inside it smaller");
    }
  }

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  const Place& fallback_;
  Diagnostics& wrong_;
};

}  // namespace

void legality(const Mapping& m, const LayerNest& l, const Architecture& a, const Place& fallback, Diagnostics& wrong) {
  Rules{m, l, a, fallback, wrong}.all();
}

bool is_legal(const Mapping& m, const LayerNest& l, const Architecture& a) {
  Diagnostics wrong;
  legality(m, l, a, {}, wrong);
  return wrong.empty();
}

}  // namespace eyrie

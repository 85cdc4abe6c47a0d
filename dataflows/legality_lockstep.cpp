#include "dataflows/legality_lockstep.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace eyrie {

namespace {

class LockstepRules {
 public:
  LockstepRules(const Mapping& m, const LayerNest& l, const Architecture& a, const RuleBroken& broken)
      : m_{m}, l_{l}, a_{a}, broken_{broken} {}

  /// All PEs make one step at a time, and words reach them by what networks there are.
  void lockstep() {
    const auto limit = a_.array.lockstep.steps;
    const auto steps = m_.tile_at(l_.extent, last_spatial() + 1).product();
    if (limit > 0 && steps > limit)
      broken_(m_.pass_position(), fmt::format("a pass has {} steps, and {} allows {}", steps, a_.array.name, limit),
              "take more loops out of the PE");
    const bool tree = a_.network(NocRole::Forward, Operand::Output)->kind == NocKind::AdderTree;
    std::size_t moves = m_.nest.size(), shares = m_.nest.size();  // the ifmap word that PEs want, or not
    for (std::size_t i = 0; i < m_.nest.size(); ++i) {
      const auto& e = m_.nest[i];
      if (!e.spatial || m_.trips(l_.extent, i) == 1) continue;
      if (tree && *e.axis == Axis::Y && is_relevant(*e.spatial, Operand::Output))
        broken_(i, fmt::format("{} is spread along y, and the adder tree sums all of a column", name_of(*e.spatial)),
                "spread only C, R and S along y");
      if (is_relevant(*e.spatial, Operand::Input))
        moves = i;
      else
        shares = i;
    }
    if (a_.network(NocRole::Forward, Operand::Input) && moves < m_.nest.size() && shares < m_.nest.size())
      broken_(shares,
              fmt::format(
                  "{} is spread over PEs, which then want the same ifmap word at once, and {} too, along which they "
                  "hand words on in turn",
                  name_of(*m_.nest[shares].spatial), name_of(*m_.nest[moves].spatial)),
              "spread one kind of the two");
    for (Operand t : kAllOperands)
      if (t != Operand::Output && (t != Operand::Weight || l_.has_weights())) systolic(t);
  }

 private:
  /// A word that enters a systolic network at an edge passes a whole line of PEs: either they all use it, or it is
  /// brought to its place before the pass and stays.
  void systolic(Operand t) {
    if (a_.network(NocRole::Deliver, t)->kind != NocKind::Systolic) return;
    std::size_t apart[2] = {m_.nest.size(), m_.nest.size()};
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].spatial && m_.trips(l_.extent, i) > 1 && is_relevant(*m_.nest[i].spatial, t))
        apart[static_cast<int>(*m_.nest[i].axis)] = i;
    if (apart[0] == m_.nest.size() || apart[1] == m_.nest.size()) return;
    for (std::size_t i = last_spatial() + 1; i < m_.position(a_.spad(t)->name, t); ++i)
      if (m_.nest[i].temporal && m_.trips(l_.extent, i) > 1 && is_relevant(*m_.nest[i].temporal, t))
        return broken_(
            apart[0],
            fmt::format("{} is spread along x and {} along y, so no line of PEs shares {} words, and the loop over {} "
                        "brings others in every step",
                        name_of(*m_.nest[apart[0]].spatial), name_of(*m_.nest[apart[1]].spatial), name_of(t),
                        name_of(*m_.nest[i].temporal)),
            fmt::format("keep {} in the PEs for the whole pass, or spread it along one axis", name_of(t)));
  }

  std::size_t last_spatial() const {
    std::size_t last = 0;
    for (std::size_t i = 0; i < m_.nest.size(); ++i)
      if (m_.nest[i].spatial) last = i;
    return last;
  }

  const Mapping& m_;
  const LayerNest& l_;
  const Architecture& a_;
  const RuleBroken& broken_;
};

}  // namespace

void lockstep_legality(const Mapping& m, const LayerNest& l, const Architecture& a, const RuleBroken& broken) {
  LockstepRules{m, l, a, broken}.lockstep();
}

}  // namespace eyrie

#include "sim/step_schedule.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/ensure.hpp"
#include "sim/step_arrivals.hpp"

namespace eyrie::sim {

template <class Group>
static std::int64_t total(const std::vector<Group>& groups, std::int64_t Group::*what) {
  std::int64_t all = 0;
  for (const auto& g : groups) all += g.*what;
  return all;
}

std::int64_t StepSchedule::words(std::size_t t) const { return total(arrivals[t], &StepArrivals::words); }
std::int64_t StepSchedule::delivered(std::size_t t) const { return total(arrivals[t], &StepArrivals::delivered); }
std::int64_t StepSchedule::wires(std::size_t t) const { return total(arrivals[t], &StepArrivals::wires); }
std::int64_t StepSchedule::links() const { return total(arrivals[0], &StepArrivals::links); }
std::int64_t StepSchedule::outputs() const { return total(leaving, &StepLeaving::words); }

namespace {

/// Steps after which a program's windows close, one an output, in order.
std::vector<std::int64_t> closing_steps(const PeProgram& program) {
  std::vector<std::int64_t> steps;
  for (const Row& r : program.rows)
    steps.insert(steps.end(), static_cast<std::size_t>(r.leaves), r.step + r.length - 1);
  return steps;
}

/// Chains that run the same programs need be looked at once.
using ChainKind = std::vector<std::size_t>;

std::map<ChainKind, std::int64_t> chain_kinds(const ScheduleParts& parts) {
  std::map<ChainKind, std::int64_t> kinds;
  for (const auto& chain : parts.chains) {
    ChainKind kind;
    for (auto pe : chain) kind.push_back(parts.pes[static_cast<std::size_t>(pe)].number);
    std::ranges::sort(kind);
    kind.erase(std::ranges::unique(kind).begin(), kind.end());
    ++kinds[kind];
  }
  return kinds;
}

std::int64_t busy_steps(const std::vector<const PeProgram*>& programs, std::int64_t steps) {
  std::vector<bool> busy(static_cast<std::size_t>(steps), false);
  for (const auto* p : programs)
    for (const Row& r : p->rows)
      for (std::int64_t k = 0; k < r.length; ++k) busy[static_cast<std::size_t>(r.step + k)] = true;
  return std::ranges::count(busy, true);
}

void chains_into(const ScheduleParts& parts, StepSchedule& s) {
  std::vector<const PeProgram*> program_of;
  for (const auto& pe : parts.pes) {
    program_of.resize(std::max(program_of.size(), pe.number + 1));
    program_of[pe.number] = pe.program;
  }
  std::map<std::int64_t, std::int64_t> leaving;
  for (const auto& [kind, chains] : chain_kinds(parts)) {
    std::vector<const PeProgram*> programs;
    for (auto number : kind) programs.push_back(program_of[number]);
    auto steps = closing_steps(*programs.front());
    for (const auto* p : programs) {
      const auto its = closing_steps(*p);
      ensure(its.size() == steps.size(), "the PEs of a chain have the same psums");
      for (std::size_t i = 0; i < its.size(); ++i) steps[i] = std::max(steps[i], its[i]);
    }
    for (auto step : steps) leaving[step] += chains;
    s.column_steps += chains * busy_steps(programs, parts.steps);
    s.psums_held = s.psums_held || parts.steps > std::ssize(steps);
  }
  for (const auto& [step, words] : leaving) s.leaving.push_back({step, words});
  for (const auto& chain : parts.chains)
    s.hops += std::ssize(closing_steps(*parts.pes[static_cast<std::size_t>(chain.front())].program)) *
              (std::ssize(chain) - 1);
}

/// Psums come in at the bottom of a chain and leave at its top; those of a tree stand at the top.
void psum_wires_into(const ScheduleParts& parts, StepSchedule& s) {
  const StepWiring& w = *parts.wiring;
  const auto pe = [&](std::int32_t i) -> const auto& { return parts.pes[static_cast<std::size_t>(i)]; };
  const auto place = [&](std::int32_t i) { return std::array{PePlace{pe(i).row, pe(i).column}}; };
  for (const auto& chain : parts.chains) {
    const auto psums = std::ssize(closing_steps(*pe(chain.front()).program));
    s.wires_in += psums * w.in[2].pitches(place(w.tree ? chain.back() : chain.front()));
    s.wires_out += psums * w.out.pitches(place(chain.back()));
  }
  s.wires_up = w.tree ? 0 : s.hops;
  if (!w.tree) return;
  for (const auto& part : parts.pes)
    for (const Row& r : part.program->rows) s.wires_up += r.length * (1 + part.row);
}

/// In a systolic array what stays in the PEs comes in before the first step, and what stayed leaves after the last.
void stationary_into(const ScheduleParts& parts, StepSchedule& s) {
  for (std::size_t t = 0; t < 2; ++t) {
    auto& groups = s.arrivals[t];
    s.loaded[t] = parts.systolic[t] && groups.size() == 1 && (groups.front().held || parts.apart[t]);
    if (s.loaded[t]) groups.front().held = true;
  }
  s.drained = parts.systolic[2] && parts.apart[2] && s.hops == 0 && s.leaving.size() == 1;
  s.psums_held = s.psums_held || s.drained;
}

}  // namespace

StepSchedule step_schedule(const ScheduleParts& parts) {
  StepSchedule s{.steps = parts.steps};
  for (std::size_t t = 0; t < 2; ++t) s.arrivals[t] = step_arrivals(parts, t);
  chains_into(parts, s);
  if (parts.wiring) psum_wires_into(parts, s);
  for (const auto& pe : parts.pes) {
    for (const Row& r : pe.program->rows) s.macs += r.length;
    s.rows = std::max(s.rows, pe.row + 1);
    s.columns = std::max(s.columns, pe.column + 1);
  }
  stationary_into(parts, s);
  return s;
}

}  // namespace eyrie::sim

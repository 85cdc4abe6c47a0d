#include "sim/step_schedule.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "base/ensure.hpp"

namespace eyrie::sim {

std::int64_t StepSchedule::words(std::size_t t) const {
  std::int64_t all = 0;
  for (const auto& a : arrivals[t]) all += a.words;
  return all;
}
std::int64_t StepSchedule::delivered(std::size_t t) const {
  std::int64_t all = 0;
  for (const auto& a : arrivals[t]) all += a.delivered;
  return all;
}
std::int64_t StepSchedule::outputs() const {
  std::int64_t all = 0;
  for (const auto& l : leaving) all += l.words;
  return all;
}

std::int64_t StepSchedule::wires(std::size_t t) const {
  std::int64_t all = 0;
  for (const auto& a : arrivals[t]) all += a.wires;
  return all;
}
std::int64_t StepSchedule::links() const {
  std::int64_t all = 0;
  for (const auto& a : arrivals[0]) all += a.links;
  return all;
}

namespace {

using At = std::array<std::int64_t, 5>;

/// When each word of a program is used first and last.
struct Uses {
  std::vector<std::int64_t> first, last;
};

Uses uses_of(const PeProgram& program, bool input) {
  const auto& words = input ? program.inputs : program.weights;
  Uses u{std::vector<std::int64_t>(words.size(), -1), std::vector<std::int64_t>(words.size(), -1)};
  for (const Row& r : program.rows)
    for (std::int64_t k = 0; k < r.length; ++k) {
      const auto word = static_cast<std::size_t>(input ? r.input + r.input_step * k : r.weight + r.weight_step * k);
      if (word >= words.size()) continue;  // a pool has no filter words
      if (u.first[word] < 0) u.first[word] = r.step + k;
      u.last[word] = std::max(u.last[word], r.step + k);
    }
  return u;
}

/// Arrivals of one tensor. Words of all PEs are taken batch by batch (a batch is what one load of a keep brings, the
/// same load in all PEs); a word that several PEs want in a batch is sent once, for the first step that uses it.
class Arrivals {
 public:
  Arrivals(const ScheduleParts& parts, std::size_t tensor)
      : parts_{parts},
        input_{tensor == 0},
        copies_{parts.copies[tensor]},
        wiring_{parts.wiring ? &parts.wiring->in[tensor] : nullptr},
        hands_on_{parts.wiring && parts.wiring->hands_on && tensor == 0} {
    for (const auto& pe : parts.pes)
      if (pe.number >= programs_.size() || programs_[pe.number].program == nullptr) {
        programs_.resize(std::max(programs_.size(), pe.number + 1));
        programs_[pe.number] = {pe.program, uses_of(*pe.program, input_), 0, 0};
      }
  }

  std::vector<StepArrivals> all() {
    while (next_batch()) {
      const auto base = first_step();
      for (const auto& a : of_batch(base)) add({base + a.step, a.words, a.delivered, a.held, a.wires, a.links});
    }
    std::ranges::sort(all_, {}, &StepArrivals::step);
    return joined();
  }

 private:
  struct Running {
    const PeProgram* program = nullptr;
    Uses uses;
    std::size_t begin = 0, end = 0;  ///< words of the batch
  };
  const std::vector<WordAt>& words(const Running& r) const { return input_ ? r.program->inputs : r.program->weights; }

  bool next_batch() {
    std::int64_t batch = -1;
    for (auto& r : programs_) {
      r.begin = r.end;
      if (r.begin < words(r).size() && (batch < 0 || words(r)[r.begin].batch < batch)) batch = words(r)[r.begin].batch;
    }
    for (auto& r : programs_)
      while (r.end < words(r).size() && words(r)[r.end].batch == batch) ++r.end;
    return batch >= 0;
  }

  std::int64_t first_step() const {
    std::int64_t first = parts_.steps;
    for (const auto& r : programs_)
      for (auto w = r.begin; w < r.end; ++w) first = std::min(first, r.uses.first[w]);
    return first;
  }

  /// Batches of one pattern, shifted in place and time, need the same words; only the first is worked out.
  const std::vector<StepArrivals>& of_batch(std::int64_t base) {
    std::vector<std::int64_t> pattern;
    const WordAt* origin = nullptr;
    for (const auto& r : programs_) {
      pattern.push_back(static_cast<std::int64_t>(r.end - r.begin));
      for (auto w = r.begin; w < r.end; ++w) {
        if (!origin) origin = &words(r)[w];
        for (std::size_t i = 0; i < 5; ++i) pattern.push_back(words(r)[w].at[i] - origin->at[i]);
        pattern.push_back(r.uses.first[w] - base);
        pattern.push_back(r.uses.last[w] - base);
      }
    }
    const auto [it, fresh] = known_.try_emplace(std::move(pattern));
    if (fresh) it->second = worked_out(base);
    return it->second;
  }

  struct Use {
    std::int64_t first, last;
    std::vector<std::int32_t> takers;
  };

  std::vector<StepArrivals> worked_out(std::int64_t base) {
    std::map<std::pair<At, std::size_t>, Use> wanted;  // by place, and by PE where each gets its own copy
    for (std::size_t pe = 0; pe < parts_.pes.size(); ++pe) {
      const auto& part = parts_.pes[pe];
      const auto& r = programs_[part.number];
      for (auto w = r.begin; w < r.end; ++w) {
        At at = input_ ? part.input : part.weight;
        for (std::size_t i = 0; i < 5; ++i) at[i] += words(r)[w].at[i];
        const auto first = r.uses.first[w] - base, last = r.uses.last[w] - base;
        Use& use = wanted.try_emplace({at, copies_ ? pe + 1 : 0}, Use{first, last, {}}).first->second;
        use.first = std::min(use.first, first);
        use.last = std::max(use.last, last);
        use.takers.push_back(static_cast<std::int32_t>(pe));
      }
    }
    std::map<std::int64_t, StepArrivals> by_step;
    for (const auto& [key, use] : wanted) {
      auto& a = by_step[use.first];
      a.step = use.first;
      ++a.words;
      a.delivered += std::ssize(use.takers);
      a.held = a.held || use.last > use.first;
      if (!wiring_) continue;
      const auto& [wires, links] = pitches(use.takers);
      a.wires += wires;
      a.links += links;
    }
    std::vector<StepArrivals> all;
    for (const auto& [step, a] : by_step) all.push_back(a);
    return all;
  }

  /// Pitches of a word for these PEs: from the buffer, and between neighbours.
  const std::pair<std::int64_t, std::int64_t>& pitches(const std::vector<std::int32_t>& takers) {
    const auto [it, fresh] = pitches_.try_emplace(takers);
    if (!fresh) return it->second;
    std::vector<PePlace> places;
    for (auto pe : takers) {
      const auto& part = parts_.pes[static_cast<std::size_t>(pe)];
      places.emplace_back(part.row, part.column);
    }
    if (!hands_on_) return it->second = {wiring_->pitches(places), 0};
    return it->second = {wiring_->pitches(std::array{std::ranges::min(places)}), handed_on_pitches(places)};
  }

  void add(const StepArrivals& a) { all_.push_back(a); }
  std::vector<StepArrivals> joined() const {
    std::vector<StepArrivals> out;
    for (const auto& a : all_)
      if (!out.empty() && out.back().step == a.step) {
        out.back().words += a.words;
        out.back().delivered += a.delivered;
        out.back().held = out.back().held || a.held;
        out.back().wires += a.wires;
        out.back().links += a.links;
      } else {
        out.push_back(a);
      }
    return out;
  }

  const ScheduleParts& parts_;
  bool input_, copies_;
  const Wiring* wiring_;  ///< null where wires are not counted
  bool hands_on_;
  std::vector<Running> programs_;
  std::map<std::vector<std::int64_t>, std::vector<StepArrivals>> known_;
  std::map<std::vector<std::int32_t>, std::pair<std::int64_t, std::int64_t>> pitches_;
  std::vector<StepArrivals> all_;
};

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
  for (std::size_t t = 0; t < 2; ++t) s.arrivals[t] = Arrivals{parts, t}.all();
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

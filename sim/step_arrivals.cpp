#include "sim/step_arrivals.hpp"

#include <algorithm>
#include <map>
#include <optional>

namespace eyrie::sim {

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

}  // namespace

std::vector<StepArrivals> step_arrivals(const ScheduleParts& parts, std::size_t tensor) {
  return Arrivals{parts, tensor}.all();
}

}  // namespace eyrie::sim

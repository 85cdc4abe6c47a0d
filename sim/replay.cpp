#include "sim/replay.hpp"

#include <algorithm>

#include "sim/row_kernel.hpp"

namespace eyrie::sim {

namespace {

void gather(std::vector<std::int16_t>& into, const std::int16_t* from, const std::vector<std::int64_t>& addresses) {
  into.resize(addresses.size());
  for (std::size_t i = 0; i < addresses.size(); ++i) into[i] = from[addresses[i]];
}

/// Slots with a zero filter word, of rows that were not gated for a zero ifmap word.
void gate_zero_weights(const PeProgram& program, const PeSetting& setting, const std::int16_t* input,
                       const std::int16_t* weight, PeCounts& counts) {
  for (const Row& row : program.rows) {
    if (setting.zero_gating && input[row.input] == 0) continue;
    std::int32_t zeros = 0;
    for (std::int32_t k = 0; k < row.length; ++k) zeros += weight[row.weight + row.weight_step * k] == 0 ? 1 : 0;
    counts.macs -= zeros;
    counts.gated += zeros;
    counts.gated_by_weight += zeros;
  }
}

/// All rows of one PE; `psums` holds what comes in and then what leaves.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
[[gnu::target_clones("avx2", "default")]]
#endif
void replay_pe(const PeProgram& program, const PeSetting& setting, const std::int16_t* input, const std::int16_t* weight,
               std::int32_t* slots, std::size_t slot_count, std::int32_t* psums, std::int32_t flip, PeCounts& counts) {
  const Reduction reduction = setting.reduction;
  const int shift = setting.arithmetic.product_shift;
  const std::int32_t* terms = terms_of(setting.arithmetic);
  const Bits width = setting.arithmetic.widths.psum;
  const bool gates = setting.zero_gating && reduction == Reduction::MultiplyAdd;
  const std::int32_t identity = psum_identity(reduction, setting.arithmetic.widths);
  for (const Row& row : program.rows) {
    if (row.opens_window) std::fill_n(slots, slot_count, identity);
    const std::int32_t in = input[row.input];
    if (gates && in == 0) {
      counts.gated += row.length;
    } else {
      add_row(slots + row.slot, row.length, in, weight + row.weight, row.weight_step, reduction, shift, terms);
      counts.macs += row.length;
    }
    for (std::int32_t k = 0; k < row.leaves; ++k, ++psums) *psums = joined(slots[k], *psums, reduction, width) ^ flip;
  }
  if (setting.weight_gating && reduction == Reduction::MultiplyAdd)
    gate_zero_weights(program, setting, input, weight, counts);
}

}  // namespace

std::int32_t number_of(const PassPlan& plan, const std::optional<PePlace>& place) {
  if (!place) return -1;
  const auto it = std::ranges::find_if(
      plan.pes, [&](const PlannedPe& p) { return p.row == place->first && p.column == place->second; });
  return it == plan.pes.end() ? -1 : static_cast<std::int32_t>(it - plan.pes.begin());
}

void replay_chain(const PassPlan& plan, const Chain& chain, const PassData& data, const PeSetting& setting,
                  std::int32_t faulty, ReplayScratch& scratch, PeCounts& counts) {
  const auto identity = psum_identity(setting.reduction, setting.arithmetic.widths);
  scratch.psums.resize(chain.addresses.size());
  for (std::size_t k = 0; k < chain.addresses.size(); ++k)
    scratch.psums[k] = data.read_psums ? data.output[chain.addresses[k]] : identity;
  for (const auto pe : chain.pes) {
    const PlannedPe& planned = plan.pes[static_cast<std::size_t>(pe)];
    const PeProgram& program = plan.programs[planned.program];
    const PlannedWords& words = plan.words[planned.program];
    gather(scratch.input, data.input + planned.input_base, words.input);
    if (data.weight) gather(scratch.weight, data.weight + planned.weight_base, words.weight);
    scratch.slots.resize(words.slots);
    replay_pe(program, setting, scratch.input.data(), scratch.weight.data(), scratch.slots.data(), scratch.slots.size(),
              scratch.psums.data(), pe == faulty ? 1 : 0, counts);
  }
  for (std::size_t k = 0; k < chain.addresses.size(); ++k) data.output[chain.addresses[k]] = scratch.psums[k];
}

}  // namespace eyrie::sim

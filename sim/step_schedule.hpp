#pragma once

// What an array in lockstep does in a pass, step by step: how many words each network has to bring for a step, and how
// many psums leave after it. All PEs make the same step of the nest at the same time (those whose part is smaller sit
// some out), so that no PE needs a time of its own.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/noc/wiring.hpp"
#include "sim/pe_program.hpp"

namespace eyrie::sim {

/// Words that are used for the first time in one step.
struct StepArrivals {
  std::int64_t step = 0;
  std::int64_t words = 0;      ///< into the network
  std::int64_t delivered = 0;  ///< arrivals at PEs
  bool held = false;           ///< some are used in later steps as well, so they wait in a register
  std::int64_t wires = 0;      ///< words x pitches from the buffer
  std::int64_t links = 0;      ///< words x pitches between neighbours that hand them on
};

/// Psums that are finished by one step, as far as the pass finishes them.
struct StepLeaving {
  std::int64_t step = 0, words = 0;
};

struct StepSchedule {
  std::int64_t steps = 0;
  std::array<std::vector<StepArrivals>, 2> arrivals;  ///< input and weight, by step
  std::vector<StepLeaving> leaving;                   ///< by step
  std::array<bool, 2> loaded{};        ///< input and weight: brought down the columns before the first step, and stays
  bool drained = false;                ///< psums rest in all rows, and leave down the columns after the last step
  bool psums_held = false;             ///< sums go on over several steps, in registers
  std::int64_t macs = 0;               ///< of all PEs
  std::int64_t column_steps = 0;       ///< (chain of PEs, step) pairs with a MAC
  std::int64_t hops = 0;               ///< psums from PE to PE
  std::int64_t rows = 0, columns = 0;  ///< of PEs with work
  /// Words x pitches of psums: from the buffer (if they are read), to it, and on the way up (of products, to a tree).
  std::int64_t wires_in = 0, wires_out = 0, wires_up = 0;
  [[nodiscard]] std::int64_t words(std::size_t tensor) const;
  [[nodiscard]] std::int64_t delivered(std::size_t tensor) const;
  [[nodiscard]] std::int64_t outputs() const;
  [[nodiscard]] std::int64_t wires(std::size_t tensor) const;
  [[nodiscard]] std::int64_t links() const;
};

/// Where the wires of a lockstep array run.
struct StepWiring {
  std::array<Wiring, 3> in;  ///< by Operand
  Wiring out;
  bool hands_on = false;  ///< neighbours hand ifmap words on
  bool tree = false;      ///< products go to an adder tree at the top of their column
};

/// The PEs of a pass and what each runs.
struct ScheduleParts {
  struct PePart {
    std::int64_t row = 0, column = 0;
    const PeProgram* program = nullptr;
    std::size_t number = 0;                         ///< of the program
    std::array<std::int64_t, 5> input{}, weight{};  ///< where its part of the tensors begins
  };
  std::int64_t steps = 0;
  std::vector<PePart> pes;
  std::vector<std::vector<std::int32_t>> chains;  ///< PEs whose psums are summed
  std::array<bool, 2> copies{};                   ///< a word that several PEs want enters the network for each of them
  std::optional<StepWiring> wiring;               ///< of machines whose wires are counted
  std::array<bool, 3> systolic{};                 ///< a word a line and cycle comes in at (output: leaves by) an edge
  std::array<bool, 3> apart{};                    ///< by Operand: spread so that no line of PEs shares words (psums)
};

StepSchedule step_schedule(const ScheduleParts&);

}  // namespace eyrie::sim

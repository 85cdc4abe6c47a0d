#pragma once

// How much memory a run takes, told before it is taken, and how many processes fit.

#include <optional>
#include <string>

#include "app/experiment.hpp"
#include "base/units.hpp"

namespace eyrie {

/// What a run needs at most.
struct MemoryNeed {
  Bytes held{};       ///< by this process already
  Bytes reference{};  ///< the forward pass
  Bytes layer{};      ///< a process that simulates the layer that takes most
  unsigned processes = 1;
  [[nodiscard]] Bytes total() const { return held + reference + layer * std::int64_t{processes}; }
};

/// The need of a run on as many of `processes` as fit into `limit`; the reference takes as many threads. InputError if
/// not even one does.
MemoryNeed memory_need(const PreparedExperiment&, unsigned processes, Bytes held, std::optional<Bytes> limit);

/// "needs at most 412 MB: 12 for the program, 84 for the reference, 2 x 158 for layers"
std::string in_words(const MemoryNeed&);

/// The most that this process, or one that it waited for, has held.
Bytes peak_memory();
/// What this process holds now.
Bytes resident_memory();
/// The most that this process may hold: what it does now and what the system has available; none if that is unknown.
std::optional<Bytes> memory_available();
/// Gives what the heap keeps back to the system, so that processes forked from now on do not hold it too.
void release_free_memory();

}  // namespace eyrie

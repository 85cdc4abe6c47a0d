#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "sim/core/engine.hpp"

namespace eyrie::sim {

/// What the pass before leaves to the words of this one that are sent ahead of its start, cycle 0. Without any the
/// network begins with the pass, in which all places are free.
struct SpadEntry {
  Time from = 0;                                                  ///< the network is free, and words are there
  Time freed = 0;                                                 ///< words of the pass before are dead
  std::int32_t spare = std::numeric_limits<std::int32_t>::max();  ///< places that are free before that
  bool operator==(const SpadEntry&) const = default;
};

/// A FIFO at a PE's input and the spad behind it. Words come in in order; one word a cycle goes from the FIFO into the
/// spad, into any place whose word is dead: in all, w words less the depth must have died. With w counting words and k
/// deaths:
///
///   load[w] = max(load[w-1] + 1, visible[w], death[w-depth], freed if w >= spare)
///
/// The word's place in the FIFO is free at load[w] + 1; a MAC can use word w from load[w] + 1 on.
struct SpadPort {
  std::int32_t fifo = 0;
  std::int32_t depth = 0;
  std::int32_t pushed = 0, loaded = 0, dead = 0;
  std::int32_t wanted = 0;  ///< the word that the PE waits for
  SpadEntry entry;          ///< of words that come ahead of their pass
  std::vector<std::int16_t> value;
  std::vector<std::int32_t> visible, load, death;
  WaitSlot arrival, credit;

  void reset(std::size_t words, const SpadEntry& found = {}) {
    pushed = loaded = dead = 0;
    entry = found;
    if (value.size() < words) {
      value.resize(words);
      visible.resize(words);
      load.resize(words);
      death.resize(words);
    }
  }
  /// Is it known when there is room for `words` more?
  [[nodiscard]] bool room_known(std::int32_t words) const { return pushed + words - 1 - fifo < loaded; }
  /// First cycle in which `words` more may be sent. Needs room_known.
  [[nodiscard]] Time room_at(std::int32_t words) const {
    const auto k = pushed + words - 1 - fifo;
    return k < 0 ? kAlways : load[static_cast<std::size_t>(k)] + 1;
  }
  /// Words in the FIFO in a cycle up to which all was run: they can be seen, and have not gone on before it.
  [[nodiscard]] std::int32_t waiting(Time cycle) const {
    std::int32_t n = 0;
    for (auto k = std::max(0, pushed - fifo - 1); k < pushed; ++k) {
      const auto i = static_cast<std::size_t>(k);
      n += visible[i] <= cycle && (k >= loaded || load[i] >= cycle) ? 1 : 0;
    }
    return n;
  }
  /// Words in the spad in such a cycle that are still to be used.
  [[nodiscard]] std::int32_t held(Time cycle) const {
    const auto before = [&](const std::vector<std::int32_t>& times, std::int32_t n, Time end) {
      return static_cast<std::int32_t>(std::lower_bound(times.begin(), times.begin() + n, end) - times.begin());
    };
    return before(load, loaded, cycle) - before(death, dead, cycle + 1);
  }
  void push(Time seen, std::int16_t word) {
    const auto k = static_cast<std::size_t>(pushed++);
    visible[k] = static_cast<std::int32_t>(seen);
    value[k] = word;
  }
  void advance(Engine& engine) {
    const auto before = loaded;
    while (loaded < pushed && loaded - depth < dead) {
      const auto k = static_cast<std::size_t>(loaded);
      std::int32_t at = visible[k];
      if (loaded > 0) at = std::max(at, load[k - 1] + 1);
      if (loaded >= entry.spare) at = std::max(at, static_cast<std::int32_t>(entry.freed));
      if (loaded >= depth) at = std::max(at, death[static_cast<std::size_t>(loaded - depth)]);
      load[k] = at;
      ++loaded;
    }
    if (loaded == before) return;
    if (loaded > wanted) engine.signal(arrival);
    engine.signal(credit);
  }
  /// So many words, in any order, were used for the last time; places are free at `at`.
  void die(std::int32_t upto, Time at, Engine& engine) {
    if (upto <= dead) return;
    while (dead < upto) death[static_cast<std::size_t>(dead++)] = static_cast<std::int32_t>(at);
    advance(engine);
  }
};

}  // namespace eyrie::sim

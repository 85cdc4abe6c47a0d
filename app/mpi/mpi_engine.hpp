#pragma once

#include <deque>
#include <map>
#include <memory>

#include "app/study/engine.hpp"

namespace eyrie {

/// What rank 0 knows of all other ranks. MPI must be running.
class MpiRanks {
 public:
  MpiRanks();
  [[nodiscard]] bool alone() const { return count_ == 1; }
  [[nodiscard]] int workers() const { return count_ - 1; }
  /// Tells all others what may be taken of each machine's memory; none: what there is.
  void allow(std::optional<Bytes> memory) const;
  /// Deals as an engine does.
  void deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
            const std::function<bool()>& stop);
  /// Sends all others home. With one that still computes, nothing is waited for: the job ends here with `code`.
  void dismiss(int code) const;

 private:
  int count_ = 1;
  std::deque<int> free_;
  std::map<int, std::size_t> task_of_;  ///< by rank
};

/// Rank 0 deals, all others compute: what suits points whose costs are very uneven. Alone, rank 0 computes in processes
/// of its own.
std::unique_ptr<Engine> mpi_engine(MpiRanks&, unsigned jobs, std::optional<Bytes> memory, const Catalogue&);

/// Ranks on this rank's machine. All ranks call it together.
int mpi_ranks_of_machine();
/// What a rank but the first does, until rank 0 dismisses it.
void serve_mpi(const Catalogue&, int ranks_of_machine);

}  // namespace eyrie

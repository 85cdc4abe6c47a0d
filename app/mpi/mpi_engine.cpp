#include "app/mpi/mpi_engine.hpp"

#include <mpi.h>

#include <chrono>
#include <thread>
#include <vector>

#include "app/memory.hpp"
#include "app/study/work.hpp"

namespace eyrie {

namespace {

enum Tag : int { kMemory = 1, kTask, kAnswer, kHome };

void send(const std::string& text, int to, Tag tag) {
  MPI_Send(text.data(), static_cast<int>(text.size()), MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

std::string receive(const MPI_Status& status) {
  int size = 0;
  MPI_Get_count(&status, MPI_BYTE, &size);
  std::string text(static_cast<std::size_t>(size), '\0');
  MPI_Recv(text.data(), size, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
  return text;
}

/// Waits without burning the core that a worker may share; nothing if `stop` says so before a message is there.
std::optional<MPI_Status> next_message(int from, const std::function<bool()>& stop) {
  MPI_Status status;
  for (;;) {
    int there = 0;
    MPI_Iprobe(from, MPI_ANY_TAG, MPI_COMM_WORLD, &there, &status);
    if (there != 0) return status;
    if (stop()) return std::nullopt;
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

class MpiEngine : public Engine {
 public:
  explicit MpiEngine(MpiRanks& ranks) : ranks_{ranks} {}
  void deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
            const std::function<bool()>& stop) override {
    ranks_.deal(tasks, ended, stop);
  }
  /// A rank has its share of a machine's memory, whatever the others do.
  void deal_alone(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                  const std::function<bool()>& stop) override {
    deal(tasks, ended, stop);
  }
  [[nodiscard]] unsigned workers() const override { return static_cast<unsigned>(ranks_.workers()); }

 private:
  MpiRanks& ranks_;
};

}  // namespace

MpiRanks::MpiRanks() {
  MPI_Comm_size(MPI_COMM_WORLD, &count_);
  for (int r = 1; r < count_; ++r) free_.push_back(r);
}

void MpiRanks::allow(std::optional<Bytes> memory) const {
  for (int r = 1; r < count_; ++r) send(memory ? std::to_string(memory->count()) : "", r, kMemory);
}

void MpiRanks::deal(const std::vector<std::string>& tasks, const std::function<void(TaskEnd)>& ended,
                    const std::function<bool()>& stop) {
  for (std::size_t next = 0; next < tasks.size() || !task_of_.empty();) {
    while (!stop() && next < tasks.size() && !free_.empty()) {
      const int rank = free_.front();
      free_.pop_front();
      task_of_[rank] = next;
      send(tasks[next++], rank, kTask);
    }
    const auto status = next_message(MPI_ANY_SOURCE, stop);
    if (!status) return;
    auto text = receive(*status);
    const auto task = task_of_.at(status->MPI_SOURCE);
    task_of_.erase(status->MPI_SOURCE);
    free_.push_back(status->MPI_SOURCE);
    ended({task, true, std::move(text)});
  }
}

void MpiRanks::dismiss(int code) const {
  if (!task_of_.empty()) MPI_Abort(MPI_COMM_WORLD, code);
  for (int r = 1; r < count_; ++r) send({}, r, kHome);
}

std::unique_ptr<Engine> mpi_engine(MpiRanks& ranks, unsigned jobs, std::optional<Bytes> memory,
                                   const Catalogue& catalogue) {
  if (ranks.alone()) return local_engine(jobs, memory, catalogue);
  ranks.allow(memory);
  return std::make_unique<MpiEngine>(ranks);
}

int mpi_ranks_of_machine() {
  MPI_Comm machine;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  int n = 1;
  MPI_Comm_size(machine, &n);
  MPI_Comm_free(&machine);
  return n;
}

void serve_mpi(const Catalogue& catalogue, int ranks_of_machine) {
  const auto never = [] { return false; };
  std::optional<StudyWorker> worker;
  for (;;) {
    const auto status = *next_message(0, never);
    const auto text = receive(status);
    if (status.MPI_TAG == kHome) return;
    if (status.MPI_TAG == kMemory) {
      const auto all = text.empty() ? memory_available() : std::optional{Bytes{std::stoll(text)}};
      worker.emplace(catalogue, all ? std::optional{Bytes{all->count() / ranks_of_machine}} : std::nullopt);
    } else {
      send(worker->answer(text), 0, kAnswer);
    }
  }
}

}  // namespace eyrie

#include "app/memory.hpp"
#include "app/precision.hpp"

#include <fmt/format.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "sim/memory.hpp"
#include "workloads/forward_plan.hpp"

namespace eyrie {

static constexpr std::int64_t kMegabyte = 1024 * 1024;

/// Whole megabytes, a started one counted.
static std::int64_t megabytes(Bytes b) { return ceil_div(b.count(), kMegabyte); }

/// A trained network's outputs are all kept, as words and as real numbers, and its parameters three times over.
static Bytes trained_memory(const PreparedExperiment& p, unsigned jobs) {
  constexpr std::int64_t kWord = 2, kReal = 4, kModels = 3;
  std::int64_t words = 0;
  for (const auto& l : p.network.layers()) words += l.output.elements();
  return ForwardPlan{p.network}.memory(jobs) + Bytes{(kWord + kReal) * words} +
         Bytes{kModels * kReal * p.network.parameter_words().count()};
}

MemoryNeed memory_need(const PreparedExperiment& p, unsigned jobs, Bytes held, std::optional<Bytes> limit) {
  std::vector<std::size_t> numbers;
  MemoryNeed need{.held = held, .reference = {}, .layer = {}};
  const PlannedLayer* largest = nullptr;
  for (const auto& l : p.layers) {
    numbers.push_back(l.number);
    const auto takes = simulation_memory(l.nest, machine_of(p, l), l.mapping);
    if (largest && takes <= need.layer) continue;
    largest = &l;
    need.layer = takes;
  }
  need.reference = ForwardPlan{p.network, numbers}.memory(jobs);
  if (p.trained) need.reference = trained_memory(p, jobs);
  need.processes = jobs;
  if (!limit) return need;
  const auto fit = (*limit - held - need.reference).count() / std::max<std::int64_t>(1, need.layer.count());
  if (fit < 1) {
    need.processes = 1;
    throw InputError(
        {"--memory", 0, 0},
        fmt::format("this run {}, and {} MB may be taken; its largest layer is {}", in_words(need),
                    std::max<std::int64_t>(0, limit->count()) / kMegabyte, p.network.layers()[largest->number].name),
        "take a smaller batch or fewer layers, or allow more with --memory MB");
  }
  need.processes = static_cast<unsigned>(std::min<std::int64_t>(need.processes, fit));
  return need;
}

std::string in_words(const MemoryNeed& n) {
  const auto layers = n.processes == 1 ? fmt::format("{} for layers", megabytes(n.layer))
                                       : fmt::format("{} x {} for layers", n.processes, megabytes(n.layer));
  return fmt::format("needs at most {} MB: {} for the program, {} for the reference, {}", megabytes(n.total()),
                     megabytes(n.held), megabytes(n.reference), layers);
}

Bytes peak_memory() {
  rusage own{}, children{};
  ::getrusage(RUSAGE_SELF, &own);
  ::getrusage(RUSAGE_CHILDREN, &children);
  return Bytes{1024 * std::int64_t{std::max(own.ru_maxrss, children.ru_maxrss)}};
}

Bytes resident_memory() {
  std::int64_t size = 0, resident = 0;
  std::ifstream{"/proc/self/statm"} >> size >> resident;
  return Bytes{resident * ::sysconf(_SC_PAGESIZE)};
}

std::optional<Bytes> memory_available() {
  std::ifstream info{"/proc/meminfo"};
  for (std::string key, unit; info >> key;) {
    std::int64_t kilobytes = 0;
    info >> kilobytes;
    std::getline(info, unit);
    if (key == "MemAvailable:") return Bytes{1024 * kilobytes} + resident_memory();
  }
  return std::nullopt;
}

void release_free_memory() {
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

}  // namespace eyrie

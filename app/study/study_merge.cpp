#include "app/study/study_merge.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <optional>
#include <tuple>

#include "base/diagnostics.hpp"

namespace eyrie {

namespace {

/// Do stores that are to be merged agree on the study, on its designs and on what their points are?
class Agreement {
 public:
  /// InputError if it does not agree with those before it.
  void add(const std::string& file) {
    auto store = StudyStore::read_only(file);
    if (!store.is_begun()) return;  // who made it ended before it began the study
    if (first_ && !first_->is_of_study(store))
      throw InputError({file, 0, 0}, fmt::format("it is of another study than {}", first_->file()),
                       "remove the one that was there before the study was edited");
    for (const auto& d : store.designs()) same(designs_[d.number], {std::string(name_of(d.status)), file});
    for (const auto& p : store.plans()) same(points_[{p.design, p.workload, p.fidelity}], {p.digest, file});
    if (!first_) first_.emplace(std::move(store));
  }
  /// One of them; nothing if no study was begun in any.
  [[nodiscard]] const std::optional<StudyStore>& first() const { return first_; }

 private:
  struct Said {
    std::string what, file;
  };
  static void same(Said& before, Said now) {
    if (before.file.empty())
      before = std::move(now);
    else if (before.what != now.what)
      throw InputError({now.file, 0, 0}, fmt::format("it has another point for a design than {}", before.file),
                       "files that the study names changed between the two: remove the one that is of before");
  }
  std::optional<StudyStore> first_;
  std::map<std::int64_t, Said> designs_;
  std::map<std::tuple<std::int64_t, std::string, PointFidelity>, Said> points_;
};

}  // namespace

StudyStore merged(const std::string& file, const std::vector<std::string>& stores, bool are_shards) {
  Agreement all;
  if (are_shards)
    for (const auto& s : stores) all.add(s);
  StudyStore store{file};
  const bool was_begun = store.is_begun();
  try {
    if (const auto& first = all.first(); first && !store.is_of_study(*first)) store.begin_as(*first);
    for (const auto& s : stores) store.merge(s);
    return store;
  } catch (const InputError&) {
    std::error_code error;
    for (const char* ending : {"", "-wal", "-shm", ".lock"})
      if (!was_begun) std::filesystem::remove(file + ending, error);
    throw;
  }
}

}  // namespace eyrie

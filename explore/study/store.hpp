#pragma once

// The one file that holds all results of a study: SQLite, in WAL mode, a transaction a result. It can be read with the
// sqlite3 program at any time, also while a study runs (docs/explore.md has the tables).

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fields.hpp"

namespace eyrie {

/// How a point's figures were found.
enum class PointFidelity : std::uint8_t { Closed, Simulated };
template <>
struct names<PointFidelity> {
  static constexpr Name<PointFidelity> table[] = {
      {"closed", PointFidelity::Closed, "the closed form: exact counts but for what data decides, estimated cycles"},
      {"simulated", PointFidelity::Simulated, "every layer on the simulator, with data"}};
};

/// What became of a point.
enum class PointStatus : std::uint8_t { Done, Excluded, Illegal, NoMapping, Deadlocked, Wrong, OutOfMemory, Crashed };
template <>
struct names<PointStatus> {
  static constexpr Name<PointStatus> table[] = {
      {"done", PointStatus::Done, "it has figures"},
      {"excluded", PointStatus::Excluded, "a constraint of the study is broken"},
      {"illegal", PointStatus::Illegal, "there is no such machine or network"},
      {"no_mapping", PointStatus::NoMapping, "a layer has no legal mapping"},
      {"deadlocked", PointStatus::Deadlocked, "a layer stopped making progress"},
      {"wrong", PointStatus::Wrong, "the simulation differs from the reference or from the closed form"},
      {"out_of_memory", PointStatus::OutOfMemory, "there is not the memory that it takes"},
      {"crashed", PointStatus::Crashed, "its process ended without an answer, twice"}};
};

/// Is a point's failure the machine's that computed it, and not the point's own?
constexpr bool is_of_machine(PointStatus s) { return s == PointStatus::Crashed || s == PointStatus::OutOfMemory; }

/// A point's result. Points are equal if their inputs are: the digest is of everything that figures depend on.
struct StoredPoint {
  std::string digest;
  PointStatus status = PointStatus::Done;
  std::string reason;                          ///< of a point that is not done
  std::vector<std::optional<double>> figures;  ///< by `measures`
  std::string result;                          ///< its eyrie.result/1, as a gzip file; empty without one
  bool operator==(const StoredPoint&) const = default;
};

/// A design of the study.
struct StoredDesign {
  std::int64_t number = 0;                 ///< from 1
  std::vector<std::string> values;         ///< by parameter
  PointStatus status = PointStatus::Done;  ///< Excluded or Illegal: it has no points
  std::string reason;
  bool operator==(const StoredDesign&) const = default;
};

/// Figures as a text that reads back to the same bits, and that can be read by eye: a list of JSON, null for what is
/// not known. Nothing where a text is no list.
std::string figures_text(const std::vector<std::optional<double>>&);
std::optional<std::vector<std::optional<double>>> figures_from_text(std::string_view);

/// Which point is a design's, for one network.
struct PlannedPoint {
  std::int64_t design = 0;
  std::string workload;
  PointFidelity fidelity = PointFidelity::Closed;
  std::string digest;
  bool operator==(const PlannedPoint&) const = default;
};
/// The input of a point's digest, without the fidelity in which it was computed.
std::string_view input_of(std::string_view digest);

/// One store. Errors of the database are InputErrors at its file: it is no store, or cannot be written.
class StudyStore {
 public:
  /// Opens or makes it. One process writes at a time: InputError if another one does.
  explicit StudyStore(const std::string& file);
  /// Opens one that is there, to read.
  static StudyStore read_only(const std::string& file);
  StudyStore(StudyStore&&) noexcept;
  ~StudyStore();

  [[nodiscard]] const std::string& file() const;
  /// Facts of the study by key (`name`, `text`, ...); empty if there is none.
  [[nodiscard]] std::string fact(std::string_view key) const;
  /// All of them or, if the process ends before, none.
  void set_facts(const std::map<std::string, std::string>&);
  /// A study begins, with these facts: designs and plans of before are forgotten, points stay. All or nothing.
  void begin(const std::map<std::string, std::string>& facts);
  /// The same, with the facts of another store's study.
  void begin_as(const StudyStore&);
  [[nodiscard]] bool is_begun() const { return !fact("text").empty(); }
  /// Is it of the same study, with the same values changed?
  [[nodiscard]] bool is_of_study(const StudyStore&) const;

  /// Replaces designs of the same number; what they planned before in the same fidelity, or in any if they have no
  /// points now, is forgotten. All or nothing.
  void plan(const std::vector<StoredDesign>&, const std::vector<PlannedPoint>&);
  /// Adds a result, or replaces one of the same digest.
  void put(const StoredPoint&);

  [[nodiscard]] bool has(std::string_view digest) const;
  /// Without `result` where that is not wanted: it is long.
  [[nodiscard]] std::optional<StoredPoint> point(std::string_view digest, bool with_result = false) const;
  [[nodiscard]] std::vector<StoredDesign> designs() const;  ///< by number
  [[nodiscard]] std::vector<PlannedPoint> plans() const;    ///< by design, network, fidelity
  [[nodiscard]] std::vector<StoredPoint> points() const;    ///< by digest, without results
  /// Forgets points of these kinds, to be computed again; how many.
  std::int64_t forget(const std::vector<PointStatus>&);

  /// Takes over all that another store holds. InputError if both have a point and do not agree on it: a point is a pure
  /// function of its input, and one of the two was computed by another program or on a broken machine. What crashed or
  /// had no memory agrees with everything, and gives way to what did not. All or nothing; a store in which no study was
  /// begun yet holds nothing.
  void merge(const std::string& file);

 private:
  struct Database;
  explicit StudyStore(std::unique_ptr<Database>);
  [[nodiscard]] std::map<std::string, std::string> study_facts() const;
  void put_facts(const std::map<std::string, std::string>&);
  void put_plan(const std::vector<StoredDesign>&, const std::vector<PlannedPoint>&);
  void put_points(const StudyStore& from);
  std::unique_ptr<Database> db_;
};

}  // namespace eyrie

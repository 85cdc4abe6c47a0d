#include "explore/study/store.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/diagnostics.hpp"
#include "explore/study/database.hpp"
#include "explore/study/store_lock.hpp"

namespace eyrie {

namespace {

using Json = nlohmann::json;

constexpr const char* kSchema = "eyrie.store/1";
/// What tells a study.
constexpr const char* kStudyFacts[] = {"name", "text", "place", "overrides", "workloads", "searched"};

/// Figures are texts, so that they read back to the same bits and can be read by eye.
constexpr const char* kTables = R"(
CREATE TABLE IF NOT EXISTS facts(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS designs(number INTEGER PRIMARY KEY, "values" TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS plan(design INTEGER NOT NULL, workload TEXT NOT NULL, fidelity TEXT NOT NULL, digest TEXT NOT NULL,
  PRIMARY KEY(design, workload, fidelity)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS points(digest TEXT PRIMARY KEY, status TEXT NOT NULL, reason TEXT NOT NULL, figures TEXT NOT NULL, result BLOB);
)";

template <class E>
E enum_of(const std::string& name, const std::string& file) {
  if (const auto value = value_of<E>(name)) return *value;
  throw InputError({file, 0, 0}, fmt::format("the store has the word {}, which means nothing here", name),
                   "read it with the Eyrie that wrote it");
}

InputError damaged(const std::string& text, const std::string& file) {
  return {{file, 0, 0},
          fmt::format("the store is damaged: {} is no list", text),
          "take a copy of it from elsewhere, or remove it and compute the study again"};
}

std::vector<std::string> texts_of(const std::string& text, const std::string& file) {
  const auto j = Json::parse(text, nullptr, false);
  if (!j.is_array()) throw damaged(text, file);
  std::vector<std::string> all;
  for (const auto& v : j) all.push_back(v.is_string() ? v.get<std::string>() : v.dump());
  return all;
}

StoredPoint point_of(const Statement& s, const std::string& file, bool with_result) {
  auto figures = figures_from_text(s.text_at(3));
  if (!figures) throw damaged(s.text_at(3), file);
  return {.digest = s.text_at(0),
          .status = enum_of<PointStatus>(s.text_at(1), file),
          .reason = s.text_at(2),
          .figures = std::move(*figures),
          .result = with_result ? s.blob_at(4) : std::string()};
}

constexpr const char* kPutPoint = "INSERT OR REPLACE INTO points VALUES(?, ?, ?, ?, ?)";

Statement& bind(Statement& put, const StoredPoint& p) {
  return put.text(p.digest).text(name_of(p.status)).text(p.reason).text(figures_text(p.figures)).blob(p.result);
}

std::int64_t count(const Database& db, const std::string& sql) {
  Statement s{db, sql};
  s.step();
  return s.integer_at(0);
}

/// Are a store's tables there?
bool has_tables(const Database& db) {
  return count(db, "SELECT count(*) FROM sqlite_master WHERE name IN ('facts', 'designs', 'plan', 'points')") == 4;
}

InputError no_store(const std::string& file) {
  return {{file, 0, 0}, "this is no store of a study", "name the folder that `eyrie explore --out` wrote"};
}

/// Their results may tell of other commands that lead to the same point.
bool same_answer(const StoredPoint& a, const StoredPoint& b) {
  return a.status == b.status && a.reason == b.reason && a.figures == b.figures;
}

}  // namespace

std::string figures_text(const std::vector<std::optional<double>>& figures) {
  Json all = Json::array();
  for (const auto& v : figures) all.push_back(v ? Json(*v) : Json(nullptr));
  return all.dump();
}

std::optional<std::vector<std::optional<double>>> figures_from_text(std::string_view text) {
  const auto j = Json::parse(text, nullptr, false);
  if (!j.is_array()) return std::nullopt;
  std::vector<std::optional<double>> all;
  for (const auto& v : j) all.push_back(v.is_number() ? std::optional{v.get<double>()} : std::nullopt);
  return all;
}

std::string_view input_of(std::string_view digest) { return digest.substr(0, digest.rfind('-')); }

/// An empty store. It is made under another name, so that whoever opens it finds all its tables, and nothing to repair
/// that a reader may not, whenever the process that makes it ends.
static void create(const std::string& file) {
  std::error_code error;
  const auto fresh = file + ".new";
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) std::filesystem::remove(fresh + ending, error);
  {
    Database db{fresh, Database::Mode::Create};
    db.run("PRAGMA journal_mode = WAL");
    Transaction all{db};
    db.run(kTables);
    Statement{db, "INSERT INTO facts VALUES('schema', ?)"}.text(kSchema).step();
    all.commit();
  }
  for (const char* ending : {"-journal", "-wal", "-shm"})  // of a store that was removed without them
    std::filesystem::remove(file + ending, error);
  std::filesystem::rename(fresh, file, error);
  if (error) throw InputError({file, 0, 0}, "the store cannot be made: " + error.message(), "name another folder");
}

struct StudyStore::Database : eyrie::Database {
  Database(const std::string& name, Mode mode, StoreLock held = {})
      : eyrie::Database{name, mode}, lock{std::move(held)} {}

  static std::unique_ptr<Database> to_fill(const std::string& file) {
    StoreLock held{file};
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error == std::errc::no_such_file_or_directory || (!error && size == 0)) create(file);
    return std::make_unique<Database>(file, Mode::Create, std::move(held));
  }

  StoreLock lock;
};

StudyStore::StudyStore(std::unique_ptr<Database> db) : db_{std::move(db)} {}
StudyStore::StudyStore(StudyStore&&) noexcept = default;
StudyStore::~StudyStore() = default;

StudyStore::StudyStore(const std::string& file) : db_{Database::to_fill(file)} {
  if (!has_tables(*db_)) throw no_store(file);
  if (const auto schema = fact("schema"); schema != kSchema)
    throw InputError({file, 0, 0}, fmt::format("the store is {}, and {} is wanted", schema, kSchema),
                     "use the Eyrie that wrote it, or another folder");
  db_->run("PRAGMA synchronous = NORMAL");
}

StudyStore StudyStore::read_only(const std::string& file) {
  StudyStore store{std::make_unique<Database>(file, Database::Mode::ReadOnly)};
  if (!has_tables(*store.db_) || store.fact("schema") != kSchema) throw no_store(file);
  return store;
}

const std::string& StudyStore::file() const { return db_->file(); }

std::string StudyStore::fact(std::string_view key) const {
  Statement s{*db_, "SELECT value FROM facts WHERE key = ?"};
  s.text(key);
  return s.step() ? s.text_at(0) : std::string();
}

void StudyStore::begin(const std::map<std::string, std::string>& facts) {
  Transaction all{*db_};
  db_->run("DELETE FROM designs; DELETE FROM plan");
  put_facts(facts);
  all.commit();
}

void StudyStore::begin_as(const StudyStore& other) { begin(other.study_facts()); }

std::map<std::string, std::string> StudyStore::study_facts() const {
  std::map<std::string, std::string> all;
  for (const char* key : kStudyFacts) all[key] = fact(key);
  return all;
}

bool StudyStore::is_of_study(const StudyStore& other) const {
  return fact("text") == other.fact("text") && fact("overrides") == other.fact("overrides");
}

void StudyStore::set_facts(const std::map<std::string, std::string>& facts) {
  Transaction all{*db_};
  put_facts(facts);
  all.commit();
}

void StudyStore::put_facts(const std::map<std::string, std::string>& facts) {
  Statement put{*db_, "INSERT OR REPLACE INTO facts VALUES(?, ?)"};
  for (const auto& [key, value] : facts) put.text(key).text(value).again();
}

void StudyStore::plan(const std::vector<StoredDesign>& designs, const std::vector<PlannedPoint>& plans) {
  Transaction all{*db_};
  put_plan(designs, plans);
  all.commit();
}

/// What a design's points were before is forgotten: of a fidelity that it has points of now, of both if it has none.
void StudyStore::put_plan(const std::vector<StoredDesign>& designs, const std::vector<PlannedPoint>& plans) {
  Statement design{*db_, "INSERT OR REPLACE INTO designs VALUES(?, ?, ?, ?)"};
  Statement none{*db_, "DELETE FROM plan WHERE design = ?"};
  for (const auto& d : designs) {
    design.integer(d.number).text(Json(d.values).dump()).text(name_of(d.status)).text(d.reason).again();
    if (d.status != PointStatus::Done) none.integer(d.number).again();
  }
  std::set<std::pair<std::int64_t, PointFidelity>> met;
  Statement old{*db_, "DELETE FROM plan WHERE design = ? AND fidelity = ?"};
  for (const auto& p : plans)
    if (met.insert({p.design, p.fidelity}).second) old.integer(p.design).text(name_of(p.fidelity)).again();
  Statement plan{*db_, "INSERT OR REPLACE INTO plan VALUES(?, ?, ?, ?)"};
  for (const auto& p : plans) plan.integer(p.design).text(p.workload).text(name_of(p.fidelity)).text(p.digest).again();
}

void StudyStore::put(const StoredPoint& p) {
  Statement put{*db_, kPutPoint};
  bind(put, p).step();
}

bool StudyStore::has(std::string_view digest) const {
  Statement s{*db_, "SELECT 1 FROM points WHERE digest = ?"};
  return s.text(digest).step();
}

std::optional<StoredPoint> StudyStore::point(std::string_view digest, bool with_result) const {
  Statement s{*db_, fmt::format("SELECT digest, status, reason, figures{} FROM points WHERE digest = ?",
                                with_result ? ", result" : "")};
  if (!s.text(digest).step()) return std::nullopt;
  return point_of(s, file(), with_result);
}

std::vector<StoredDesign> StudyStore::designs() const {
  std::vector<StoredDesign> all;
  Statement s{*db_, "SELECT number, \"values\", status, reason FROM designs ORDER BY number"};
  while (s.step())
    all.push_back(
        {s.integer_at(0), texts_of(s.text_at(1), file()), enum_of<PointStatus>(s.text_at(2), file()), s.text_at(3)});
  return all;
}

std::vector<PlannedPoint> StudyStore::plans() const {
  std::vector<PlannedPoint> all;
  Statement s{*db_, "SELECT design, workload, fidelity, digest FROM plan ORDER BY design, workload, fidelity"};
  while (s.step())
    all.push_back({s.integer_at(0), s.text_at(1), enum_of<PointFidelity>(s.text_at(2), file()), s.text_at(3)});
  return all;
}

std::vector<StoredPoint> StudyStore::points() const {
  std::vector<StoredPoint> all;
  Statement s{*db_, "SELECT digest, status, reason, figures FROM points ORDER BY digest"};
  while (s.step()) all.push_back(point_of(s, file(), false));
  return all;
}

std::int64_t StudyStore::forget(const std::vector<PointStatus>& kinds) {
  Statement s{*db_, "DELETE FROM points WHERE status = ?"};
  const auto before = ::sqlite3_total_changes(db_->handle());
  for (const auto k : kinds) s.text(name_of(k)).again();
  return ::sqlite3_total_changes(db_->handle()) - before;
}

void StudyStore::merge(const std::string& other) {
  const auto from = StudyStore::read_only(other);
  if (!from.is_begun()) return;  // who made it ended before it began the study
  Transaction all{*db_};
  if (!is_begun()) put_facts(from.study_facts());
  if (!is_of_study(from))
    throw InputError({other, 0, 0}, fmt::format("it is of another study than {}", file()),
                     "merge stores of one study, and remove those of another");
  put_points(from);
  if (!from.fact("searched").empty()) {  // a search that came to its end has all the designs that there are
    db_->run("DELETE FROM designs; DELETE FROM plan");
    put_facts({{"searched", from.fact("searched")}});
  }
  put_plan(from.designs(), from.plans());
  all.commit();
}

void StudyStore::put_points(const StudyStore& from) {
  Statement s{*from.db_, "SELECT digest, status, reason, figures, result FROM points ORDER BY digest"};
  Statement put{*db_, kPutPoint};
  while (s.step()) {
    const auto theirs = point_of(s, from.file(), true);
    const auto ours = point(theirs.digest);
    if (!ours || (is_of_machine(ours->status) && !is_of_machine(theirs.status)))
      bind(put, theirs).again();
    else if (!is_of_machine(theirs.status) && !same_answer(*ours, theirs))
      throw InputError({from.file(), 0, 0},
                       fmt::format("it has another result for point {} than {}", theirs.digest.substr(0, 12), file()),
                       ours->status == PointStatus::Wrong
                           ? "ours is of a run that went wrong: `eyrie explore resume --retry` computes it again"
                           : "a point has one result: see which program and machine wrote the two");
  }
}

}  // namespace eyrie

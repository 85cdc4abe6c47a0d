#include "explore/study/database.hpp"

#include <fmt/format.h>

#include "base/diagnostics.hpp"

namespace eyrie {

Database::Database(const std::string& file, Mode mode) : file_{file} {
  const int flags = mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  const int code = ::sqlite3_open_v2(file.c_str(), &db_, flags, nullptr);
  if (code != SQLITE_OK) {
    const std::string why = db_ ? ::sqlite3_errmsg(db_) : "out of memory";
    ::sqlite3_close(db_);
    throw InputError({file, 0, 0}, "the store cannot be opened: " + why, "name the store or folder of a study");
  }
  ::sqlite3_busy_timeout(db_, 60'000);
}

Database::~Database() { ::sqlite3_close(db_); }

void Database::check(int code) const {
  if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE) return;
  throw InputError({file_, 0, 0}, fmt::format("the store cannot be used: {}", ::sqlite3_errmsg(db_)),
                   code == SQLITE_NOTADB ? "name the store of a study"
                   : code == SQLITE_CORRUPT
                       ? "it is damaged: take a copy of it from elsewhere, or remove it and compute it again"
                       : "see that the disk has room and lets us write");
}

void Database::run(const std::string& sql) { check(::sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr)); }

Statement::Statement(const Database& db, const std::string& sql) : db_{db} {
  db.check(::sqlite3_prepare_v2(db.handle(), sql.c_str(), -1, &statement_, nullptr));
}

Statement::~Statement() { ::sqlite3_finalize(statement_); }

Statement& Statement::text(std::string_view value) {
  db_.check(::sqlite3_bind_text(statement_, ++bound_, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::blob(std::string_view value) {
  ++bound_;
  db_.check(value.empty() ? ::sqlite3_bind_null(statement_, bound_)
                          : ::sqlite3_bind_blob(statement_, bound_, value.data(), static_cast<int>(value.size()),
                                                SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::integer(std::int64_t value) {
  db_.check(::sqlite3_bind_int64(statement_, ++bound_, value));
  return *this;
}

bool Statement::step() {
  const int code = ::sqlite3_step(statement_);
  db_.check(code);
  return code == SQLITE_ROW;
}

void Statement::again() {
  while (step()) {
  }
  db_.check(::sqlite3_reset(statement_));
  bound_ = 0;
}

std::string Statement::text_at(int column) const { return blob_at(column); }

std::string Statement::blob_at(int column) const {
  const auto* bytes = static_cast<const char*>(::sqlite3_column_blob(statement_, column));
  return bytes ? std::string(bytes, static_cast<std::size_t>(::sqlite3_column_bytes(statement_, column))) : "";
}

std::int64_t Statement::integer_at(int column) const { return ::sqlite3_column_int64(statement_, column); }

Transaction::Transaction(Database& db) : db_{db} { db_.run("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (open_) ::sqlite3_exec(db_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  db_.run("COMMIT");
  open_ = false;
}

}  // namespace eyrie

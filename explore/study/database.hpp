#pragma once

// SQLite, as far as stores need it.

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace eyrie {

/// An open database. What goes wrong is an InputError at its file.
class Database {
 public:
  enum class Mode : std::uint8_t { ReadOnly, Create };
  Database(const std::string& file, Mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();
  /// Runs statements that give no rows.
  void run(const std::string& sql);
  [[nodiscard]] sqlite3* handle() const { return db_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  /// SQLITE_OK, SQLITE_ROW and SQLITE_DONE are fine.
  void check(int code) const;

 private:
  std::string file_;
  sqlite3* db_ = nullptr;
};

/// One prepared statement: values are bound in their order, then rows are stepped through.
class Statement {
 public:
  Statement(const Database&, const std::string& sql);
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();
  Statement& text(std::string_view);
  Statement& blob(std::string_view);  ///< empty: null
  Statement& integer(std::int64_t);
  bool step();   ///< to the next row; false after the last
  void again();  ///< steps to the end, then takes new values
  [[nodiscard]] std::string text_at(int column) const;
  [[nodiscard]] std::string blob_at(int column) const;
  [[nodiscard]] std::int64_t integer_at(int column) const;

 private:
  const Database& db_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

/// All or nothing: what was not committed is taken back.
class Transaction {
 public:
  explicit Transaction(Database&);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database& db_;
  bool open_ = true;
};

}  // namespace eyrie

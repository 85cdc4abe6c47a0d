#pragma once

// A FlatBuffer, read as it lies: tables found by offsets, fields by a table's vtable. Every offset is held against the
// bytes that there are before it is followed; what doesn't fit is an InputError. Offsets to tables, vectors and strings
// only go forward, so nothing can go in a circle; nothing is copied.
//
// Source: FlatBuffers internals (flatbuffers.dev/internals): little endian; a table begins with the signed distance to
// its vtable (u16 size, u16 size of the table, then an u16 per field, 0 where it is absent).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "base/diagnostics.hpp"

namespace eyrie {

static_assert(std::endian::native == std::endian::little, "numbers of a FlatBuffer are taken as they lie");

/// The bytes and the name for errors. The bytes must outlive all that is read from them.
class FlatBytes {
 public:
  FlatBytes(std::span<const std::byte> bytes, Place where) : bytes_{bytes}, where_{std::move(where)} {}

  /// The number at `at`.
  template <class T>
  [[nodiscard]] T number(std::uint64_t at) const {
    need(at, sizeof(T));
    T value;
    std::memcpy(&value, bytes_.data() + at, sizeof(T));
    return value;
  }
  [[nodiscard]] std::span<const std::byte> part(std::uint64_t at, std::uint64_t size) const {
    need(at, size);
    return bytes_.subspan(at, size);
  }
  [[nodiscard]] std::uint64_t size() const { return bytes_.size(); }
  [[nodiscard]] const Place& where() const { return where_; }
  [[noreturn]] void broken(const char* what) const;

 private:
  void need(std::uint64_t at, std::uint64_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) broken("an offset points behind its end");
  }
  std::span<const std::byte> bytes_;
  Place where_;
};

/// A vector of numbers, not copied: they may lie unaligned.
template <class T>
class FlatNumbers {
 public:
  FlatNumbers() = default;
  explicit FlatNumbers(std::span<const std::byte> bytes) : bytes_{bytes} {}
  [[nodiscard]] std::size_t size() const { return bytes_.size() / sizeof(T); }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  /// The i-th; i < size().
  T operator[](std::size_t i) const {
    T value;
    std::memcpy(&value, bytes_.data() + i * sizeof(T), sizeof(T));
    return value;
  }
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

class FlatTables;

/// A table; fields are called by their number in the schema.
class FlatTable {
 public:
  /// The table at `at`.
  FlatTable(const FlatBytes& bytes, std::uint64_t at);
  /// The table that the file begins with; `identifier` are the four letters behind it.
  static FlatTable root(const FlatBytes& bytes, std::string_view identifier);

  template <class T>
  [[nodiscard]] T number(int field, T absent) const {
    const auto at = place(field);
    return at ? bytes_->number<T>(*at) : absent;
  }
  /// Empty where it is absent.
  [[nodiscard]] std::string_view text(int field) const;
  template <class T>
  [[nodiscard]] FlatNumbers<T> numbers(int field) const {
    return FlatNumbers<T>{elements(field, sizeof(T))};
  }
  [[nodiscard]] std::optional<FlatTable> table(int field) const;
  [[nodiscard]] FlatTables tables(int field) const;

 private:
  [[nodiscard]] std::optional<std::uint64_t> place(int field) const;
  /// Where a field's offset leads; it counts from the field.
  [[nodiscard]] std::optional<std::uint64_t> target(int field) const;
  [[nodiscard]] std::span<const std::byte> elements(int field, std::uint64_t each) const;

  const FlatBytes* bytes_;
  std::uint64_t at_, vtable_ = 0;
  std::uint16_t vtable_size_ = 0, size_ = 0;
};

/// A vector of tables.
class FlatTables {
 public:
  FlatTables() = default;
  FlatTables(const FlatBytes& bytes, std::uint64_t first, std::size_t size)
      : bytes_{&bytes}, first_{first}, size_{size} {}
  [[nodiscard]] std::size_t size() const { return size_; }
  /// The i-th; i < size().
  FlatTable operator[](std::size_t i) const;

 private:
  const FlatBytes* bytes_ = nullptr;
  std::uint64_t first_ = 0;
  std::size_t size_ = 0;
};

}  // namespace eyrie

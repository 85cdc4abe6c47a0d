#include "interchange/flatbuffer.hpp"

#include <fmt/format.h>

namespace eyrie {

void FlatBytes::broken(const char* what) const {
  throw InputError(where_, fmt::format("the file is broken: {}", what), "get it again, or export it again");
}

FlatTable::FlatTable(const FlatBytes& bytes, std::uint64_t at) : bytes_{&bytes}, at_{at} {
  const auto vtable = static_cast<std::int64_t>(at) - bytes.number<std::int32_t>(at);
  if (vtable < 0) bytes.broken("a table has its fields' places before the file");
  vtable_ = static_cast<std::uint64_t>(vtable);
  vtable_size_ = bytes.number<std::uint16_t>(vtable_);
  size_ = bytes.number<std::uint16_t>(vtable_ + 2);
  if (vtable_size_ < 4 || vtable_size_ % 2 != 0) bytes.broken("a table's list of fields has an impossible size");
  static_cast<void>(bytes.part(vtable_, vtable_size_));
  if (size_ < 4) bytes.broken("a table is smaller than its own head");
  static_cast<void>(bytes.part(at_, size_));
}

FlatTable FlatTable::root(const FlatBytes& bytes, std::string_view identifier) {
  const bool named = bytes.size() >= 8 && std::memcmp(bytes.part(4, 4).data(), identifier.data(), 4) == 0;
  if (!named)
    throw InputError(bytes.where(), fmt::format("the file has no {} behind its first four bytes", identifier),
                     "give a TensorFlow Lite model (.tflite)");
  return {bytes, bytes.number<std::uint32_t>(0)};
}

std::optional<std::uint64_t> FlatTable::place(int field) const {
  const auto entry = 4 + 2 * static_cast<std::uint64_t>(field);
  if (entry + 2 > vtable_size_) return std::nullopt;
  const auto offset = bytes_->number<std::uint16_t>(vtable_ + entry);
  if (offset == 0) return std::nullopt;
  if (offset >= size_) bytes_->broken("a field lies outside its table");
  return at_ + offset;
}

std::optional<std::uint64_t> FlatTable::target(int field) const {
  const auto at = place(field);
  if (!at) return std::nullopt;
  return *at + bytes_->number<std::uint32_t>(*at);
}

std::span<const std::byte> FlatTable::elements(int field, std::uint64_t each) const {
  const auto at = target(field);
  if (!at) return {};
  return bytes_->part(*at + 4, bytes_->number<std::uint32_t>(*at) * each);
}

std::string_view FlatTable::text(int field) const {
  const auto all = elements(field, 1);
  return {reinterpret_cast<const char*>(all.data()), all.size()};
}

std::optional<FlatTable> FlatTable::table(int field) const {
  const auto at = target(field);
  return at ? std::optional{FlatTable{*bytes_, *at}} : std::nullopt;
}

FlatTables FlatTable::tables(int field) const {
  const auto all = elements(field, 4);
  if (all.empty()) return {};
  return {*bytes_, *target(field) + 4, all.size() / 4};
}

FlatTable FlatTables::operator[](std::size_t i) const {
  const auto at = first_ + 4 * i;
  return {*bytes_, at + bytes_->number<std::uint32_t>(at)};
}

}  // namespace eyrie

#include "interchange/npy.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <type_traits>

#include "base/diagnostics.hpp"
#include "base/text_file.hpp"
#include "interchange/npy_header.hpp"

namespace eyrie {

namespace {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they stand in files");

constexpr std::string_view kMagic{"\x93NUMPY", 6};
constexpr std::string_view kWanted = "a NumPy array (.npy)";
constexpr std::size_t kAlign = 64;  ///< where numbers begin, as NumPy writes them
/// In the order of NumpyArray::Numbers.
constexpr std::array<std::string_view, 8> kTypes{"f4", "f8", "i1", "u1", "i2", "u2", "i4", "i8"};

/// How many numbers the shape has, or nothing beyond 2^63.
std::optional<std::uint64_t> elements(const std::vector<std::int64_t>& shape) {
  std::int64_t all = 1;
  for (const auto n : shape)
    if (n == 0) return 0;
  for (const auto n : shape)
    if (__builtin_mul_overflow(all, n, &all)) return std::nullopt;
  return static_cast<std::uint64_t>(all);
}

/// Little-endian number of `count` bytes.
std::size_t number(std::string_view bytes, std::size_t at, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

class NpyReader {
 public:
  NpyReader(std::string_view bytes, const std::string& name) : bytes_{bytes}, name_{name} {}

  NumpyArray read() {
    const auto header = this->header();
    NumpyArray a{.shape = header.shape, .numbers = empty(header.type)};
    std::visit([&](auto& numbers) { fill(numbers, a.shape, header.fortran_order); }, a.numbers);
    return a;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem, const std::string& remedy = "write it with numpy.save") const {
    throw InputError({name_, 0, 0}, problem, remedy);
  }

  NpyHeader header() {
    if (!bytes_.starts_with(kMagic)) refuse("this is no NumPy array", "give one that begins with \\x93NUMPY");
    if (bytes_.size() < 10) refuse("it ends within its header");
    const auto version = static_cast<unsigned char>(bytes_[6]);
    if (version < 1 || version > 3) refuse(fmt::format("its format is version {}", version), "known are 1 to 3");
    const std::size_t size_bytes = version == 1 ? 2 : 4, text_at = 8 + size_bytes;
    if (bytes_.size() < text_at) refuse("it ends within its header");
    const auto size = number(bytes_, 8, size_bytes);
    if (size > bytes_.size() - text_at) refuse("it ends within its header");
    data_ = bytes_.substr(text_at + size);
    return read_npy_header(bytes_.substr(text_at, size), name_);
  }

  [[nodiscard]] NumpyArray::Numbers empty(std::string_view type) const {
    const auto end = [&](std::string_view what) {
      refuse(fmt::format("its numbers are {} ({})", what, type), fmt::format("known are {}", fmt::join(kTypes, " ")));
    };
    if (type.size() < 2) end("unknown");
    const char order = type[0], kind = type[1];
    if (kind == 'O') refuse("it holds Python objects", "save an array of numbers");
    if (order == '>') refuse(fmt::format("its numbers are big-endian ({})", type), "save them as little-endian");
    const std::string_view name = type.substr(1);
    if (order == '<' || order == '=' || order == '|')
      for (std::size_t i = 0; i < kTypes.size(); ++i)
        if (kTypes[i] == name) return nth(i);
    end("of another kind");
    return {};
  }

  static NumpyArray::Numbers nth(std::size_t i) {
    static const std::array<NumpyArray::Numbers, 8> all{std::vector<float>{},        std::vector<double>{},
                                                        std::vector<std::int8_t>{},  std::vector<std::uint8_t>{},
                                                        std::vector<std::int16_t>{}, std::vector<std::uint16_t>{},
                                                        std::vector<std::int32_t>{}, std::vector<std::int64_t>{}};
    return all[i];
  }

  template <class T>
  void fill(std::vector<T>& numbers, const std::vector<std::int64_t>& shape, bool fortran) const {
    const auto count = elements(shape);
    if (!count || *count > std::numeric_limits<std::size_t>::max() / sizeof(T) || *count * sizeof(T) > data_.size())
      refuse(fmt::format("its shape is {}, which takes more than the {} bytes that are there", shape_text(shape),
                         data_.size()),
             "it may be cut off");
    if (*count * sizeof(T) < data_.size())
      refuse(fmt::format("{} bytes stand behind its numbers", data_.size() - *count * sizeof(T)));
    numbers.resize(*count);
    if (*count > 0) std::memcpy(numbers.data(), data_.data(), data_.size());
    if (fortran && shape.size() > 1) numbers = row_major(numbers, shape);
  }

  /// From the first index running fastest to the last.
  template <class T>
  static std::vector<T> row_major(const std::vector<T>& columns, const std::vector<std::int64_t>& shape) {
    std::vector<T> rows(columns.size());
    std::vector<std::int64_t> index(shape.size(), 0);
    for (auto& value : rows) {
      std::int64_t at = 0;
      for (std::size_t d = shape.size(); d-- > 0;) at = at * shape[d] + index[d];
      value = columns[static_cast<std::size_t>(at)];
      for (std::size_t d = shape.size(); d-- > 0 && ++index[d] == shape[d];) index[d] = 0;
    }
    return rows;
  }

  std::string_view bytes_, data_;
  const std::string& name_;
};

}  // namespace

std::size_t NumpyArray::size() const {
  return std::visit([](const auto& all) { return all.size(); }, numbers);
}

std::string_view NumpyArray::type() const { return kTypes[numbers.index()]; }

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return shape.empty() ? "a lone number" : fmt::format("{}", fmt::join(shape, " x "));
}

NumpyArray read_npy(std::string_view bytes, const std::string& name) { return NpyReader{bytes, name}.read(); }

NumpyArray read_npy_file(const std::string& path) { return read_npy(read_binary_file(path, kWanted), path); }

std::string npy_bytes(const NumpyArray& a) {
  const bool one_byte = a.type().back() == '1';
  auto text = npy_header_text({.type = (one_byte ? "|" : "<") + std::string(a.type()), .shape = a.shape});
  const std::size_t before = kMagic.size() + 4;
  text.append(kAlign - 1 - (before + text.size()) % kAlign, ' ');
  text += '\n';
  std::string all{kMagic};
  all += {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  all += text;
  std::visit(
      [&](const auto& numbers) {
        if (numbers.empty()) return;
        const auto first = all.size();
        all.resize(first + numbers.size() * sizeof(numbers[0]));
        std::memcpy(all.data() + first, numbers.data(), numbers.size() * sizeof(numbers[0]));
      },
      a.numbers);
  return all;
}

}  // namespace eyrie

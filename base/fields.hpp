#pragma once

// One description of a configured struct, used for reading YAML, for the JSON Schema and for writing it back.
//
//   void describe(Fields& f, Spad& s) {
//     f.required("depth", s.depth, "words that the spad holds", AtLeast{1});
//     f.optional("width", s.width, "width of a word");              // Bits: written "16 b"
//   }
//   Spad spad = read_yaml_file<Spad>("spad.yaml");                  // base/yaml.hpp
//   const auto schema = json_schema_of<Spad>("spad");               // base/json_schema.hpp
//
// A describe function only names fields: no arithmetic on values, no branches on values except through
// `Fields::choice`. Checks that need several fields live in a separate function that takes the struct and a
// Diagnostics.

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/units.hpp"

namespace eyrie {

/// Closed range of a number. Both ends are part of it.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool least_excluded = false;  ///< `least` itself is refused (for values > 0)
};
inline Range AtLeast(double n) { return {.least = n}; }
inline Range Between(double least, double most) { return {.least = least, .most = most}; }
inline Range Positive() { return {.least = 0, .least_excluded = true}; }
inline Range Any() { return {}; }

/// What a number in a file measures; decides which unit suffixes are read and which is canonical.
/// Every dimension but None insists on a suffix ("108 KiB", "200 MHz", "16 b", "1.0 V", "45 pJ").
enum class Dimension {
  None,           ///< a bare number
  Bits,           ///< b
  Bytes,          ///< B KiB MiB GiB kB MB GB
  Hertz,          ///< Hz kHz MHz GHz
  Cycles,         ///< cycles (also cycle)
  Words,          ///< words (also word)
  WordsPerCycle,  ///< words/cycle
  BytesPerCycle,  ///< B/cycle
  Picojoules,     ///< fJ pJ nJ uJ mJ J, canonical pJ
  Seconds,        ///< ns us ms s
  Volts,          ///< V mV
  Nanometres,     ///< nm
  Millimetres,    ///< mm um
  Milliwatts,     ///< uW mW W
  SquareMicrons   ///< um2 mm2
};

/// Plain doubles that carry a unit in files but have no arithmetic type of their own.
struct Volts {
  double v = 0;
  auto operator<=>(const Volts&) const = default;
};
struct Nanometres {
  double nm = 0;
  auto operator<=>(const Nanometres&) const = default;
};
struct Millimetres {
  double mm = 0;
  auto operator<=>(const Millimetres&) const = default;
};
struct Milliwatts {
  double mw = 0;
  auto operator<=>(const Milliwatts&) const = default;
};
struct SquareMicrons {
  double um2 = 0;
  auto operator<=>(const SquareMicrons&) const = default;
};

/// A row of a family of alternatives: the name in files, the value, and a line for `eyrie show` and schemas.
template <class E>
struct Name {
  std::string_view name;
  E value;
  std::string_view what = {};
};

class Fields;

/// Every enum that stands in a file specialises this with `static constexpr Name<E> table[] = {...}`.
template <class E>
struct names;

/// The name of an enumerator; the table must hold it.
template <class E>
constexpr std::string_view name_of(E value) {
  for (const auto& row : names<E>::table)
    if (row.value == value) return row.name;
  return "?";
}

/// The enumerator of a name; nothing if no enumerator has it.
template <class E>
constexpr std::optional<E> value_of(std::string_view name) {
  for (const auto& row : names<E>::table)
    if (row.name == name) return row.value;
  return std::nullopt;
}

/// A struct with a describe function found by argument-dependent lookup.
template <class T>
concept Described = requires(Fields& f, T& t) {
  describe(f, t);
};

enum class Presence { Required, Optional };

/// What a describe function talks to. Concrete ones read a YAML map, build a schema, or write YAML.
class Fields {
 public:
  virtual ~Fields() = default;
  Fields(const Fields&) = delete;
  Fields& operator=(const Fields&) = delete;

  /// The struct as a whole: one sentence for the schema and error messages ("a scratch pad of a PE").
  virtual void about(std::string_view what) = 0;
  /// Where this map begins in its file (line 0 while a schema is built). For checks that come later.
  virtual void place(Place& out) = 0;

  template <class T, class... R>
  void required(std::string_view key, T& value, std::string_view what, R... range) {
    field(key, Presence::Required, value, what, range...);
  }
  /// The value in the struct before the call is the default and stays if the key is absent.
  template <class T, class... R>
  void optional(std::string_view key, T& value, std::string_view what, R... range) {
    field(key, Presence::Optional, value, what, range...);
  }
  /// Absent stays nullopt.
  template <class T, class... R>
  void optional(std::string_view key, std::optional<T>& value, std::string_view what, R... range) {
    T held = value.value_or(T{});
    bool present = value.has_value();
    optional_value(key, held, present, what, range...);
    if (present)
      value = std::move(held);
    else
      value.reset();
  }

  /// A list in which every entry is one of several described structs, told apart by the key that it holds
  /// (`for: P` / `at: glb`) or a map whose `discriminator` key holds one of the names ("type: conv").
  /// Exactly one alternative describes each entry. See base/README.md for an example.
  struct Alternative {
    std::string_view name;  ///< value of the discriminator
    std::string_view what;
    std::function<void(Fields&)> fields;  ///< describes into the caller's storage
  };
  /// Reads `discriminator` in this same map, hands its index to `chosen`, then describes that alternative's fields
  /// in this same map. A schema visits all alternatives ("oneOf").
  virtual void choice(std::string_view discriminator, std::string_view what, std::size_t& chosen,
                      std::span<const Alternative> alternatives) = 0;

 protected:
  Fields() = default;

  // One virtual per kind of value. `present` goes in as "the struct holds a value" and comes out as "the file does".
  struct Key {
    std::string_view name;
    Presence presence;
    std::string_view what;
  };
  virtual void boolean(const Key&, bool& value, bool& present) = 0;
  virtual void integer(const Key&, std::int64_t& value, bool& present, Range) = 0;
  virtual void real(const Key&, double& value, bool& present, Range, Dimension) = 0;
  virtual void text(const Key&, std::string& value, bool& present) = 0;
  virtual void one_of(const Key&, std::size_t& index, bool& present, std::span<const std::string_view> names,
                      std::span<const std::string_view> whats) = 0;
  virtual void map(const Key&, bool& present, const std::function<void(Fields&)>& fields) = 0;
  /// A list of maps: `resize(n)` first, then `item(i, fields)` for each. A schema calls `resize(1)`, `item(0, ...)`.
  virtual void list_of_maps(const Key&, bool& present, std::size_t size, const std::function<void(std::size_t)>& resize,
                            const std::function<void(std::size_t, Fields&)>& item) = 0;
  /// A list of scalars; the n-th is read into a one-field pseudo-map through `item` under the key "".
  virtual void list_of_scalars(const Key&, bool& present, std::size_t size,
                               const std::function<void(std::size_t)>& resize,
                               const std::function<void(std::size_t, Fields&)>& item) = 0;
  /// A map with free keys and equal values ({conv1: ..., conv2: ...}), in the order of the file.
  virtual void map_of(const Key&, bool& present, std::vector<std::string>& keys,
                      const std::function<void(std::size_t)>& resize,
                      const std::function<void(std::size_t, Fields&)>& item) = 0;

 private:
  template <class T, class... R>
  void field(std::string_view key, Presence presence, T& value, std::string_view what, R... range) {
    bool present = true;
    visit(Key{key, presence, what}, value, present, range...);
  }
  template <class T, class... R>
  void optional_value(std::string_view key, T& value, bool& present, std::string_view what, R... range) {
    visit(Key{key, Presence::Optional, what}, value, present, range...);
  }

  void visit(const Key& k, bool& v, bool& present) { boolean(k, v, present); }
  void visit(const Key& k, std::string& v, bool& present) { text(k, v, present); }
  void visit(const Key& k, std::int64_t& v, bool& present, Range r = {}) { integer(k, v, present, r); }
  void visit(const Key& k, int& v, bool& present, Range r = {}) {
    std::int64_t wide = v;
    r.least = std::max(r.least, double{std::numeric_limits<int>::min()});
    r.most = std::min(r.most, double{std::numeric_limits<int>::max()});
    integer(k, wide, present, r);
    v = static_cast<int>(wide);
  }
  void visit(const Key& k, double& v, bool& present, Range r = {}) { real(k, v, present, r, Dimension::None); }

  template <class Tag, class Rep>
  static constexpr Dimension dimension_of(const Quantity<Tag, Rep>&);
  template <class Tag, class Rep>
  void visit(const Key& k, Quantity<Tag, Rep>& v, bool& present, Range r = {});
  void visit(const Key& k, Volts& v, bool& present, Range r = {}) { real(k, v.v, present, r, Dimension::Volts); }
  void visit(const Key& k, Nanometres& v, bool& present, Range r = {}) {
    real(k, v.nm, present, r, Dimension::Nanometres);
  }
  void visit(const Key& k, Millimetres& v, bool& present, Range r = {}) {
    real(k, v.mm, present, r, Dimension::Millimetres);
  }
  void visit(const Key& k, Milliwatts& v, bool& present, Range r = {}) {
    real(k, v.mw, present, r, Dimension::Milliwatts);
  }
  void visit(const Key& k, SquareMicrons& v, bool& present, Range r = {}) {
    real(k, v.um2, present, r, Dimension::SquareMicrons);
  }

  template <class E>
  requires std::is_enum_v<E>
  void visit(const Key& k, E& v, bool& present) {
    std::vector<std::string_view> all, whats;
    std::size_t index = 0;
    for (const auto& row : names<E>::table) {
      if (row.value == v) index = all.size();
      all.push_back(row.name);
      whats.push_back(row.what);
    }
    one_of(k, index, present, all, whats);
    v = names<E>::table[index].value;
  }

  template <Described T>
  void visit(const Key& k, T& v, bool& present) {
    map(k, present, [&v](Fields& f) { describe(f, v); });
  }

  template <class T, class... R>
  void visit(const Key& k, std::vector<T>& v, bool& present, R... range) {
    auto resize = [&v](std::size_t n) {
      v.clear();
      v.resize(n);
    };
    if constexpr (Described<T>)
      list_of_maps(k, present, v.size(), resize, [&v](std::size_t i, Fields& f) { describe(f, v[i]); });
    else
      list_of_scalars(k, present, v.size(), resize,
                      [&v, range...](std::size_t i, Fields& f) { f.required("", v[i], "", range...); });
  }
  template <Described T>
  void visit(const Key& k, std::vector<std::pair<std::string, T>>& v, bool& present) {
    std::vector<std::string> keys;
    for (const auto& [name, value] : v) keys.push_back(name);
    auto resize = [&v](std::size_t n) {
      v.clear();
      v.resize(n);
    };
    map_of(k, present, keys, resize, [&v](std::size_t i, Fields& f) { describe(f, v[i].second); });
    for (std::size_t i = 0; i < v.size() && i < keys.size(); ++i) v[i].first = keys[i];
  }
};

template <class Tag, class Rep>
constexpr Dimension Fields::dimension_of(const Quantity<Tag, Rep>&) {
  using Q = Quantity<Tag, Rep>;
  if constexpr (std::is_same_v<Q, Cycles>)
    return Dimension::Cycles;
  else if constexpr (std::is_same_v<Q, Words>)
    return Dimension::Words;
  else if constexpr (std::is_same_v<Q, Bytes>)
    return Dimension::Bytes;
  else if constexpr (std::is_same_v<Q, Bits>)
    return Dimension::Bits;
  else if constexpr (std::is_same_v<Q, Picojoules>)
    return Dimension::Picojoules;
  else if constexpr (std::is_same_v<Q, Hertz>)
    return Dimension::Hertz;
  else if constexpr (std::is_same_v<Q, Seconds>)
    return Dimension::Seconds;
  else if constexpr (std::is_same_v<Q, BytesPerCycle>)
    return Dimension::BytesPerCycle;
  else {
    static_assert(std::is_same_v<Q, WordsPerCycle>, "this quantity has no spelling in files");
    return Dimension::WordsPerCycle;
  }
}

template <class Tag, class Rep>
void Fields::visit(const Key& k, Quantity<Tag, Rep>& v, bool& present, Range r) {
  double value = static_cast<double>(v.count());
  real(k, value, present, r, dimension_of(v));  // whole-number dimensions refuse fractions of their base unit
  if constexpr (std::is_integral_v<Rep>)
    v = Quantity<Tag, Rep>{static_cast<Rep>(std::llround(value))};
  else
    v = Quantity<Tag, Rep>{value};
}

}  // namespace eyrie

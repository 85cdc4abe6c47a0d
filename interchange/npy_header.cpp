#include "interchange/npy_header.hpp"

#include <fmt/format.h>

#include "base/diagnostics.hpp"
#include "base/quantities.hpp"

namespace eyrie {

namespace {

constexpr std::size_t kMostDimensions = 32;

class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& name) : text_{text}, name_{name} {}

  NpyHeader read() {
    NpyHeader h;
    bool type = false, order = false, shape = false;
    want('{');
    while (!take('}')) {
      const auto key = quoted();
      want(':');
      if (key == "descr")
        type = true, h.type = descr();
      else if (key == "fortran_order")
        order = true, h.fortran_order = boolean();
      else if (key == "shape")
        shape = true, h.shape = tuple();
      else
        refuse(fmt::format("its header has the key {}", key));
      if (!take(',') && peek() != '}') refuse("its header is no dictionary");
    }
    if (!type || !order || !shape) refuse("its header misses descr, fortran_order or shape");
    if (peek() != '\0') refuse("text stands behind its header's dictionary");
    return h;
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw InputError({name_, 0, 0}, problem, "write it with numpy.save");
  }
  /// The next character that is no blank; NUL at the end.
  char peek() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void want(char c) {
    if (!take(c)) refuse("its header is no dictionary");
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') refuse("its header is no dictionary");
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) refuse("its header is no dictionary");
    const auto text = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return std::string(text);
  }
  std::string descr() {
    if (peek() == '[')
      throw InputError({name_, 0, 0}, "its entries are records of several fields", "save one array a field");
    return quoted();
  }
  std::string_view word() {
    peek();
    const auto first = at_;
    while (at_ < text_.size() && text_.find_first_of(",:(){} \n", at_) != at_) ++at_;
    return text_.substr(first, at_ - first);
  }
  bool boolean() {
    const auto w = word();
    if (w != "True" && w != "False") refuse(fmt::format("its fortran_order is {}", w));
    return w == "True";
  }
  std::vector<std::int64_t> tuple() {
    std::vector<std::int64_t> all;
    want('(');
    while (!take(')')) {
      const auto w = word();
      const auto n = parse_integer(w);
      if (!n || *n < 0) refuse(fmt::format("its shape has the entry \"{}\"", w));
      if (all.size() == kMostDimensions) refuse(fmt::format("it has more than {} dimensions", kMostDimensions));
      all.push_back(*n);
      if (!take(',') && peek() != ')') refuse("its shape is no tuple");
    }
    return all;
  }

  std::string_view text_;
  const std::string& name_;
  std::size_t at_ = 0;
};

}  // namespace

NpyHeader read_npy_header(std::string_view text, const std::string& name) { return HeaderReader{text, name}.read(); }

std::string npy_header_text(const NpyHeader& h) {
  const char* lone_comma = h.shape.size() == 1 ? "," : "";
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}{}), }}", h.type,
                     h.fortran_order ? "True" : "False", fmt::join(h.shape, ", "), lone_comma);
}

}  // namespace eyrie

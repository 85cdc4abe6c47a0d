#include <fmt/format.h>

#include "base/quantities.hpp"
#include "base/yaml.hpp"

namespace eyrie {

namespace {

/// A text as a YAML scalar, quoted where plain text would read as something else.
std::string scalar_text(const std::string& text) {
  const bool special = text.empty() || text.front() == ' ' || text.back() == ' ' || parse_number(text) ||
                       text == "true" || text == "false" || text == "null" || text == "Null" || text == "NULL" ||
                       text == "~" || text.find_first_of(":#{}[],&*!|>'\"%@`\n\r\t\\") != std::string::npos ||
                       text.find_first_of("-?") == 0;
  if (!special) return text;
  std::string all = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') all += '\\';
    if (c == '\n')
      all += "\\n";
    else if (c == '\r')
      all += "\\r";
    else if (c == '\t')
      all += "\\t";
    else
      all += c;
  }
  return all + "\"";
}

/// Writes one map as lines `key: value` behind `indent`; the first line of a list entry follows its dash.
class MapWriter : public Fields {
 public:
  MapWriter(std::string& out, std::size_t indent, bool after_dash = false)
      : out_{out}, indent_{indent}, after_dash_{after_dash} {}

  void about(std::string_view) override {}
  void place(Place&) override {}
  void choice(std::string_view discriminator, std::string_view, std::size_t& chosen,
              std::span<const Alternative> alternatives) override {
    line(discriminator, std::string(alternatives[chosen].name));
    alternatives[chosen].fields(*this);
  }

 protected:
  void boolean(const Key& k, bool& v, bool& present) override { value(k, present, v ? "true" : "false"); }
  void integer(const Key& k, std::int64_t& v, bool& present, Range) override {
    value(k, present, fmt::format("{}", v));
  }
  void real(const Key& k, double& v, bool& present, Range, Dimension d) override {
    value(k, present, write_quantity(v, d));
  }
  void text(const Key& k, std::string& v, bool& present) override { value(k, present, scalar_text(v)); }
  void one_of(const Key& k, std::size_t& index, bool& present, std::span<const std::string_view> names,
              std::span<const std::string_view>) override {
    value(k, present, std::string(names[index]));
  }
  void map(const Key& k, bool& present, const std::function<void(Fields&)>& fields) override {
    if (!present) return;
    line(k.name, "");
    MapWriter inner{out_, indent_ + 2};
    fields(inner);
  }
  void list_of_maps(const Key& k, bool& present, std::size_t size, const std::function<void(std::size_t)>&,
                    const std::function<void(std::size_t, Fields&)>& item) override {
    if (!present) return;
    line(k.name, size == 0 ? "[]" : "");
    for (std::size_t i = 0; i < size; ++i) {
      out_ += std::string(indent_, ' ') + "- ";
      MapWriter inner{out_, indent_ + 2, true};
      item(i, inner);
    }
  }
  void list_of_scalars(const Key& k, bool& present, std::size_t size, const std::function<void(std::size_t)>&,
                       const std::function<void(std::size_t, Fields&)>& item) override;
  void map_of(const Key& k, bool& present, std::vector<std::string>& keys, const std::function<void(std::size_t)>&,
              const std::function<void(std::size_t, Fields&)>& item) override {
    if (!present) return;
    line(k.name, keys.empty() ? "{}" : "");
    for (std::size_t i = 0; i < keys.size(); ++i) {
      out_ += std::string(indent_ + 2, ' ') + scalar_text(keys[i]) + ":\n";
      MapWriter inner{out_, indent_ + 4};
      item(i, inner);
    }
  }

  virtual void value(const Key& k, bool present, const std::string& text) {
    if (present) line(k.name, text);
  }

 private:
  class ScalarWriter;
  void line(std::string_view key, const std::string& text) {
    if (!after_dash_) out_ += std::string(indent_, ' ');
    after_dash_ = false;
    out_ += fmt::format("{}:{}{}\n", key, text.empty() ? "" : " ", text);
  }
  std::string& out_;
  std::size_t indent_;
  bool after_dash_;
};

/// Writes the lone value of a list's entry.
class MapWriter::ScalarWriter : public MapWriter {
 public:
  explicit ScalarWriter(std::string& out) : MapWriter{out, 0}, text_{out} {}

 protected:
  void value(const Key&, bool, const std::string& text) override { text_ = text; }

 private:
  std::string& text_;
};

void MapWriter::list_of_scalars(const Key& k, bool& present, std::size_t size, const std::function<void(std::size_t)>&,
                                const std::function<void(std::size_t, Fields&)>& item) {
  if (!present) return;
  std::string all;
  for (std::size_t i = 0; i < size; ++i) {
    std::string one;
    ScalarWriter inner{one};
    item(i, inner);
    all += (i ? ", " : "") + one;
  }
  line(k.name, "[" + all + "]");
}

}  // namespace

std::string write_yaml(const std::function<void(Fields&)>& fields) {
  std::string out;
  MapWriter writer{out, 0};
  fields(writer);
  return out;
}

}  // namespace eyrie

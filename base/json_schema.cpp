#include "base/json_schema.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/quantities.hpp"

namespace eyrie {

namespace {

using Json = nlohmann::ordered_json;

/// Builds the schema of one map.
class SchemaBuilder : public Fields {
 public:
  SchemaBuilder() { schema_["type"] = "object"; }

  /// The finished schema. Alternatives carry all properties of their own, so a oneOf stands for the whole map.
  Json take() {
    if (alternatives_.empty()) return closed(schema_);
    Json all = Json::object();
    if (schema_.contains("description")) all["description"] = schema_["description"];
    for (auto& a : alternatives_) {
      Json one = schema_;
      for (auto& [key, value] : a["properties"].items()) one["properties"][key] = value;
      for (auto& key : a["required"]) one["required"].push_back(key);
      all["oneOf"].push_back(closed(one));
    }
    return all;
  }

  void about(std::string_view what) override { schema_["description"] = std::string(what); }
  void place(Place&) override {}
  void choice(std::string_view discriminator, std::string_view what, std::size_t&,
              std::span<const Alternative> alternatives) override {
    for (const auto& a : alternatives) {
      SchemaBuilder inner;
      a.fields(inner);
      Json one{{"properties", Json::object()}, {"required", Json::array()}};
      one["properties"][std::string(discriminator)] = {{"const", std::string(a.name)},
                                                       {"description", std::string(a.what.empty() ? what : a.what)}};
      one["required"].push_back(std::string(discriminator));
      if (inner.schema_.contains("properties"))
        for (auto& [key, value] : inner.schema_["properties"].items()) one["properties"][key] = value;
      if (inner.schema_.contains("required"))
        for (auto& key : inner.schema_["required"]) one["required"].push_back(key);
      alternatives_.push_back(std::move(one));
    }
  }

 protected:
  void boolean(const Key& k, bool& v, bool& present) override { put(k, {{"type", "boolean"}}, present, v); }
  void integer(const Key& k, std::int64_t& v, bool& present, Range r) override {
    put(k, ranged({{"type", "integer"}}, r), present, v);
  }
  void real(const Key& k, double& v, bool& present, Range r, Dimension d) override {
    if (d == Dimension::None) return put(k, ranged({{"type", "number"}}, r), present, v);
    std::string suffixes;
    for (const auto& u : units_of(d)) suffixes += (suffixes.empty() ? "" : "|") + std::string(u.suffix);
    put(k,
        {{"type", "string"},
         {"pattern", fmt::format("^[-+]?[0-9][0-9_]*(\\.[0-9]+)?([eE][-+]?[0-9]+)? ?({})$", suffixes)},
         {"examples", Json::array({std::string(example_of(d))})}},
        present, write_quantity(v, d));
  }
  void text(const Key& k, std::string& v, bool& present) override { put(k, {{"type", "string"}}, present, v); }
  void one_of(const Key& k, std::size_t& index, bool& present, std::span<const std::string_view> names,
              std::span<const std::string_view> meanings) override {
    Json all = Json::array();
    std::string what{k.what};
    for (std::size_t i = 0; i < names.size(); ++i) {
      all.push_back(std::string(names[i]));
      if (i < meanings.size() && !meanings[i].empty())
        what += fmt::format("{}{}: {}", what.empty() ? "" : "\n", names[i], meanings[i]);
    }
    Key said = k;
    said.what = what;
    put(said, {{"enum", all}}, present, std::string(names[index]));
  }
  void map(const Key& k, bool&, const std::function<void(Fields&)>& fields) override {
    SchemaBuilder inner;
    fields(inner);
    put(k, inner.take());
  }
  void list_of_maps(const Key& k, bool&, std::size_t, const std::function<void(std::size_t)>& resize,
                    const std::function<void(std::size_t, Fields&)>& item) override {
    resize(1);
    SchemaBuilder inner;
    item(0, inner);
    put(k, {{"type", "array"}, {"items", inner.take()}});
    resize(0);
  }
  void list_of_scalars(const Key& k, bool&, std::size_t, const std::function<void(std::size_t)>& resize,
                       const std::function<void(std::size_t, Fields&)>& item) override {
    resize(1);
    SchemaBuilder inner;
    item(0, inner);
    const Json entry = inner.schema_["properties"][""];
    put(k, {{"type", "array"}, {"items", entry}});
    resize(0);
  }
  void map_of(const Key& k, bool&, std::vector<std::string>& keys, const std::function<void(std::size_t)>& resize,
              const std::function<void(std::size_t, Fields&)>& item) override {
    resize(1);
    SchemaBuilder inner;
    item(0, inner);
    put(k, {{"type", "object"}, {"additionalProperties", inner.take()}});
    resize(0);
    keys.clear();
  }

 private:
  static Json closed(Json one) {
    one["additionalProperties"] = false;
    return one;
  }
  static Json ranged(Json one, const Range& r) {
    if (std::isfinite(r.least)) one[r.least_excluded ? "exclusiveMinimum" : "minimum"] = r.least;
    if (std::isfinite(r.most)) one["maximum"] = r.most;
    return one;
  }
  void put(const Key& k, Json one) {
    if (!k.what.empty()) one["description"] = std::string(k.what);
    schema_["properties"][std::string(k.name)] = std::move(one);
    if (k.presence == Presence::Required && !k.name.empty()) schema_["required"].push_back(std::string(k.name));
  }
  template <class T>
  void put(const Key& k, Json one, bool present, const T& value) {
    if (k.presence == Presence::Optional && present) one["default"] = value;
    put(k, std::move(one));
  }

  Json schema_;
  std::vector<Json> alternatives_;
};

}  // namespace

std::string json_schema(std::string_view title, const std::function<void(Fields&)>& fields) {
  SchemaBuilder builder;
  fields(builder);
  Json all{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", std::string(title)}};
  const Json body = builder.take();
  for (const auto& [key, value] : body.items()) all[key] = value;
  return all.dump(2) + "\n";
}

}  // namespace eyrie

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <fmt/format.h>

#include <sstream>

#include "base/text_file.hpp"
#include "base/yaml_node.hpp"

namespace eyrie {

namespace {

using Node = YamlDocument::Node;

constexpr std::size_t kDeepest = 100;
constexpr std::size_t kMostNodes = 2'000'000;

/// Builds the tree from yaml-cpp's events and refuses what configurations have no use for.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(std::string file) : file_{std::move(file)} {}
  [[nodiscard]] std::shared_ptr<Node> root() const { return root_; }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnAnchor(const YAML::Mark& mark, const std::string&) override {
    refuse(mark, "anchors are not read", "write the value out");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(mark, "aliases are not read", "write the value out");
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { put(node(mark, Node::Kind::Null)); }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, const std::string& value) override {
    auto n = node(mark, Node::Kind::Scalar, tag);
    n->text = value;
    n->quoted = tag == "!";
    if (!n->quoted && (value == "null" || value == "~" || value == "Null" || value == "NULL"))
      n->kind = Node::Kind::Null;
    put(std::move(n));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    open(node(mark, Node::Kind::List, tag));
  }
  void OnSequenceEnd() override { open_.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t, YAML::EmitterStyle::value) override {
    open(node(mark, Node::Kind::Map, tag));
  }
  void OnMapEnd() override { open_.pop_back(); }

 private:
  struct Open {
    std::shared_ptr<Node> node;
    bool key_next = true;
  };
  [[nodiscard]] Place at(const YAML::Mark& mark) const { return {file_, mark.line + 1, mark.column + 1}; }
  [[noreturn]] void refuse(const YAML::Mark& mark, std::string problem, std::string remedy) const {
    throw InputError(at(mark), std::move(problem), std::move(remedy));
  }
  std::shared_ptr<Node> node(const YAML::Mark& mark, Node::Kind kind, const std::string& tag = "") {
    if (++nodes_ > kMostNodes) refuse(mark, fmt::format("there are more than {} values", kMostNodes), "split the file");
    auto n = std::make_shared<Node>();
    n->kind = kind;
    n->place = at(mark);
    if (tag != "?" && tag != "!") n->tag = tag;
    return n;
  }
  void open(std::shared_ptr<Node> n) {
    if (open_.size() >= kDeepest)
      throw InputError(n->place, fmt::format("values are nested deeper than {}", kDeepest), "flatten the file");
    auto* raw = n.get();
    put(n);
    (void)raw;
    open_.push_back({std::move(n)});
  }
  void put(std::shared_ptr<Node> n) {
    if (open_.empty()) {
      root_ = std::move(n);
      return;
    }
    Open& into = open_.back();
    if (into.node->kind == Node::Kind::List) {
      into.node->items.push_back(std::move(n));
    } else if (into.key_next) {
      if (n->kind != Node::Kind::Scalar) throw InputError(n->place, "a key is no plain text", "write `key: value`");
      if (!n->tag.empty()) throw InputError(n->place, fmt::format("the tag {} is not read", n->tag), "leave it out");
      if (const auto* twice = into.node->find(n->text))
        throw InputError(n->place, fmt::format("the key {} stands here again", n->text),
                         fmt::format("it stood in line {} first; keep one", twice->place.line));
      into.node->entries.push_back({n->text, n->place, nullptr});
      into.key_next = false;
    } else {
      into.node->entries.back().value = std::move(n);
      into.key_next = true;
    }
  }

  std::string file_;
  std::shared_ptr<Node> root_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
};

}  // namespace

std::shared_ptr<Node> parse_yaml(std::string_view text, const std::string& name) {
  check_utf8(text, name, "a YAML file");
  TreeBuilder tree{name};
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser{in};
    if (!parser.HandleNextDocument(tree) || !tree.root() || tree.root()->kind == Node::Kind::Null)
      throw InputError({name, 0, 0}, "the file is empty", "write `key: value` lines");
    TreeBuilder rest{name};
    if (parser.HandleNextDocument(rest))
      throw InputError(rest.root() ? rest.root()->place : Place{name, 0, 0}, "a second document begins",
                       "put it in a file of its own");
  } catch (const YAML::Exception& e) {
    const bool placed = !e.mark.is_null();
    throw InputError({name, placed ? e.mark.line + 1 : 0, placed ? e.mark.column + 1 : 0}, "this is no YAML: " + e.msg,
                     "check indentation, brackets and quotes here");
  }
  return tree.root();
}

}  // namespace eyrie

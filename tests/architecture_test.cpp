// The layering of docs/architecture.md, held by reading every include line.

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

/// Who may include whom.
const std::map<std::string, std::set<std::string>> kRooms{
    {"base", {}},
    {"workloads", {"base"}},
    {"arch", {"base"}},
    {"dataflows", {"base", "workloads", "arch"}},
    {"mapper", {"base", "workloads", "arch", "dataflows"}},
    {"interchange", {"base", "workloads", "arch", "dataflows"}},
    {"sim", {"base", "workloads", "arch", "dataflows"}},
    {"energy", {"base", "workloads", "arch", "dataflows"}},
    {"report", {"base", "workloads", "arch", "dataflows", "mapper", "interchange", "sim", "energy"}},
    {"explore", {"base", "workloads", "arch", "dataflows", "mapper", "interchange", "sim", "energy", "report"}},
    {"app", {"base", "workloads", "arch", "dataflows", "mapper", "interchange", "sim", "energy", "report", "explore"}}};

/// Libraries that stay inside certain rooms. Boost.Graph: networks are graphs, and the best cut of one is a maximum
/// flow.
const std::vector<std::pair<std::regex, std::set<std::string>>> kLibraries{
    {std::regex("^systemc"), {"sim"}},
    {std::regex("^nlopt"), {"energy"}},
    {std::regex("^(onnx|google/protobuf)"), {"interchange"}},
    {std::regex("^Eigen"), {"explore"}},
    {std::regex("^yaml-cpp"), {"base"}},
    {std::regex("^(png|zip)\\.h"), {"interchange"}},
    {std::regex("^(zlib\\.h|openssl)"), {"base"}},
    {std::regex("^(sqlite3\\.h|muParser|pagmo)"), {"explore"}},
    {std::regex("^mpi\\.h"), {"app"}},
    {std::regex("^boost/graph"), {"workloads", "explore"}}};

std::string violation(const std::string& room, const std::string& included, bool quoted) {
  const auto slash = included.find('/');
  const auto other = slash == std::string::npos ? std::string() : included.substr(0, slash);
  if (quoted && kRooms.contains(other) && other != room && !kRooms.at(room).contains(other))
    return room + " may not include " + other;
  if (quoted && !kRooms.contains(other)) return "an include path starts at a room";
  for (const auto& [library, rooms] : kLibraries)
    if (!quoted && std::regex_search(included, library) && !rooms.contains(room))
      return room + " may not include " + included;
  return "";
}

/// "FILE:LINE: what is wrong" for every include line of a text that breaks the table.
std::vector<std::string> violations(const std::string& room, const std::string& file, std::istream& text) {
  static const std::regex include(R"(^\s*#\s*include\s*(["<])([^">]+)[">])");
  std::vector<std::string> all;
  std::string line;
  for (int n = 1; std::getline(text, line); ++n)
    if (std::smatch m; std::regex_search(line, m, include))
      if (const auto wrong = violation(room, m[2], m[1] == "\""); !wrong.empty())
        all.push_back(file + ":" + std::to_string(n) + ": " + wrong);
  return all;
}

/// Types that a file defines for others to link with: not those of its unnamed namespaces.
std::vector<std::string> shared_types(std::istream& text) {
  static const std::regex space(R"(^namespace ([\w:]+) \{$)"),
      type(R"(^(?:class|struct|enum class) (\w+)(?: final)?(?: :[^:].*)? \{)");
  std::vector<std::string> all;
  std::string line, within;
  bool hidden = false;
  while (std::getline(text, line)) {
    if (std::smatch m; std::regex_search(line, m, space)) within = m[1].str() + "::";
    if (line == "namespace {") hidden = true;
    if (line == "}  // namespace") hidden = false;
    if (std::smatch m; !hidden && std::regex_search(line, m, type)) all.push_back(within + m[1].str());
  }
  return all;
}

template <class Act>
void each_source(const Act& act) {
  for (const auto& [room, may] : kRooms)
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(EYRIE_SOURCE_DIR) / room)) {
      if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
      std::ifstream text(entry.path());
      act(room, fs::relative(entry.path(), EYRIE_SOURCE_DIR).string(), text);
    }
}

}  // namespace

TEST_CASE("no include line runs against the layering", "[layering]") {
  int files = 0;
  std::string wrong;
  each_source([&](const std::string& room, const std::string& file, std::istream& text) {
    ++files;
    for (const auto& v : violations(room, file, text)) wrong += v + "\n";
  });
  CHECK(wrong == "");
  CHECK(files > 60);
}

TEST_CASE("an arrow that runs back is found and its line is named", "[layering]") {
  std::istringstream text(
      "#include <vector>\n#include \"base/units.hpp\"\n#include \"sim/simulate.hpp\"\n#include <systemc>\n");
  CHECK(violations("energy", "energy/price.hpp", text) ==
        std::vector<std::string>{"energy/price.hpp:3: energy may not include sim",
                                 "energy/price.hpp:4: energy may not include systemc"});
}

TEST_CASE("no two types share a name, which the linker would take for one", "[layering]") {
  std::map<std::string, std::string> where;
  std::string wrong;
  each_source([&](const std::string&, const std::string& file, std::istream& text) {
    for (const auto& name : shared_types(text))
      if (const auto [first, fresh] = where.emplace(name, file); !fresh)
        wrong += name + " is of " + first->second + " and of " + file + "\n";
  });
  CHECK(wrong == "");
  CHECK(where.size() > 300);
}

TEST_CASE("types of unnamed namespaces and specialisations are not shared", "[layering]") {
  std::istringstream text(
      "namespace a::b {\nstruct A;\nstruct B {\nclass C final : public B {\nnamespace {\nstruct D {\n}  // namespace\n"
      "enum class E : std::uint8_t { One };\nstruct names<E> {\nstruct F::G : H {\n  struct Inner {\n");
  CHECK(shared_types(text) == std::vector<std::string>{"a::b::B", "a::b::C", "a::b::E"});
}

TEST_CASE("the door of the simulator shows no SystemC", "[layering]") {
  for (const char* door : {"sim/simulate.hpp", "sim/layer_result.hpp"}) {
    std::ifstream text(fs::path(EYRIE_SOURCE_DIR) / door);
    const std::string all{std::istreambuf_iterator<char>(text), {}};
    CHECK(all.size() > 100);
    CHECK(all.find("#include <systemc") == std::string::npos);
    CHECK(all.find("sc_core") == std::string::npos);
  }
}

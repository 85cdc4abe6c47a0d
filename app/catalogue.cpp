#include "app/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/yaml.hpp"
#include "energy/technology.hpp"

namespace eyrie {

namespace fs = std::filesystem;

Catalogue::Catalogue(const std::string& program) : root_{"configs"} {
  std::error_code error;
  const fs::path real = fs::canonical("/proc/self/exe", error);
  for (fs::path at = error ? fs::path(program) : real; at.has_relative_path(); at = at.parent_path())
    for (const char* place : {"configs", "share/eyrie/configs"})
      if (fs::is_directory(at / place / "architectures", error)) {
        root_ = (at / place).string();
        if (const auto near = fs::relative(root_, error);
            !error && near.string().size() < root_.size() && !near.string().starts_with("../.."))
          root_ = near.string();
        return;
      }
}

std::string_view one_of(Shelf shelf) {
  if (shelf == Shelf::Technologies) return "technologies";
  if (shelf == Shelf::Studies) return "study";
  if (shelf == Shelf::Validation) return "validation suite";
  return name_of(shelf).substr(0, name_of(shelf).size() - 1);
}

/// Do the names on the shelf have their files' endings?
static bool keeps_endings(Shelf shelf) { return shelf == Shelf::Inputs; }

std::string Catalogue::path(Shelf shelf, const std::string& name) const {
  if (keeps_endings(shelf)) return fmt::format("{}/{}/{}", root_, name_of(shelf), name);
  return fmt::format("{}/{}/{}.yaml", root_, name_of(shelf), name);
}

std::vector<std::string> Catalogue::list(Shelf shelf) const {
  const fs::path folder = fs::path(root_) / name_of(shelf);
  std::vector<std::string> all;
  std::error_code error;
  for (const auto& e : fs::recursive_directory_iterator(folder, error))
    if (keeps_endings(shelf) && e.path().extension() != ".md")
      all.push_back(fs::relative(e.path(), folder).string());
    else if (e.path().extension() == ".yaml")
      all.push_back(fs::relative(e.path(), folder).replace_extension().string());
  std::ranges::sort(all);
  return all;
}

std::shared_ptr<const Technology> Catalogue::technology(const std::string& file,
                                                        const std::function<Technology()>& read) const {
  auto& kept = (*technologies_)[file];
  if (!kept) kept = std::make_shared<const Technology>(read());
  return kept;
}

/// Is it a path, and no name on a shelf?
static bool is_path(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".yaml") || name.ends_with(".yml");
}

std::string Catalogue::beside(const std::string& name, const std::string& from) {
  std::error_code error;
  const auto near = (fs::path(from).parent_path() / name).lexically_normal();
  if (fs::is_regular_file(near, error) && (is_path(name) || fs::path(name).has_extension())) return near.string();
  return is_path(name) && fs::is_directory(near, error) ? near.string() : name;
}

std::string Catalogue::find(Shelf shelf, const std::string& name) const {
  std::error_code error;
  if ((is_path(name) || keeps_endings(shelf)) && fs::exists(name, error)) return name;
  if (!name.empty() && fs::exists(path(shelf, name), error)) return path(shelf, name);
  if (is_path(name) && name.ends_with("ml") && !keeps_endings(shelf)) return name;  // reading it says what is wrong
  const auto known = list(shelf);
  throw InputError({"", 0, 0}, fmt::format("there is no {} called {}", one_of(shelf), name),
                   did_you_mean(name, std::vector<std::string_view>{known.begin(), known.end()}) +
                       (keeps_endings(shelf) ? " A path does, too" : " A path to a .yaml file does, too"));
}

}  // namespace eyrie

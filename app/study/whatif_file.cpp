#include "app/study/whatif_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "explore/study/parameters.hpp"

namespace eyrie {

void describe(Fields& f, StatedChange& c) {
  f.about("a change to a machine");
  f.place(c.where);
  f.required("name", c.name, "its name; one of Eyrie's own changes is replaced by it");
  f.optional("title", c.title, "what it is, for reports");
  f.required("set", c.set, "overrides that make it: PATH=VALUE as of --set");
}

void describe(Fields& f, ChangesFile& c) {
  f.about("changes to a machine, for `eyrie whatif`");
  f.required("kind", c.kind, "`changes`");
  f.optional("name", c.name, "its name");
  f.optional("title", c.title, "what they are");
  f.optional("replace", c.replace, "these alone; else they come to those that are made from the machine");
  f.required("changes", c.changes, "the changes");
}

namespace {

constexpr std::string_view kArchitecture = "architecture.";

void check_set(const StatedChange& c, Diagnostics& wrong) {
  if (c.set.empty()) wrong.error(c.where, c.name + " changes nothing", "write `set: [architecture.array.rows=24]`");
  for (const auto& s : c.set) {
    try {
      const auto path = parse_override(s).path;
      const auto document = path.substr(0, path.find('.'));
      if (document == path || std::ranges::count(kSetDocuments, std::string_view{document}) == 0)
        wrong.error(c.where, fmt::format("{}: {} names no key of a document", c.name, path),
                    did_you_mean(document, kSetDocuments));
    } catch (const InputError& e) {
      wrong.error(c.where, fmt::format("{}: {}", c.name, e.diagnostics().front().problem),
                  e.diagnostics().front().remedy);
    }
  }
}

/// The machine with overrides put in, as far as they are of it.
YamlDocument applied(const std::string& file, const std::vector<std::string>& overrides) {
  auto d = YamlDocument::from_file(file);
  for (const auto& o : overrides)
    if (o.starts_with(kArchitecture)) d.apply(parse_override(o.substr(kArchitecture.size())));
  return d;
}

}  // namespace

ChangesFile read_changes(const YamlDocument& document) {
  auto file = read_yaml<ChangesFile>(document);
  Diagnostics wrong;
  if (file.kind != "changes")
    wrong.error(document.place_of("kind"), fmt::format("kind is {}, and changes were wanted", file.kind),
                "write `kind: changes`");
  if (file.changes.empty()) wrong.error(document.place_of("changes"), "there is no change", "list at least one");
  for (std::size_t i = 0; i < file.changes.size(); ++i) {
    const auto& c = file.changes[i];
    check_set(c, wrong);
    if (std::any_of(file.changes.begin(), file.changes.begin() + static_cast<std::ptrdiff_t>(i),
                    [&](const auto& other) { return other.name == c.name; }))
      wrong.error(c.where, fmt::format("{} stands twice", c.name), "give each change its own name");
  }
  wrong.raise_if_any();
  return file;
}

std::vector<MachineChange> with_stated(std::vector<MachineChange> ours, const ChangesFile& file,
                                       const std::string& machine, const std::vector<std::string>& overrides,
                                       const Catalogue& catalogue) {
  const auto path = catalogue.find(Shelf::Architectures, machine);
  auto all = file.replace ? std::vector<MachineChange>{} : std::move(ours);
  Diagnostics wrong;
  for (const auto& c : file.changes) {
    auto sets = overrides;
    sets.insert(sets.end(), c.set.begin(), c.set.end());
    try {
      (void)applied(path, sets);
    } catch (const InputError& e) {
      for (const auto& d : e.diagnostics()) wrong.error(c.where, fmt::format("{}: {}", c.name, d.problem), d.remedy);
    }
    MachineChange change{c.name, c.title.empty() ? fmt::format("{}", fmt::join(c.set, ", ")) : c.title, c.set, {}};
    const auto same = std::ranges::find(all, c.name, &MachineChange::name);
    if (same == all.end())
      all.push_back(std::move(change));
    else
      *same = std::move(change);
  }
  wrong.raise_if_any();
  return all;
}

}  // namespace eyrie

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "app/accelergy_places.hpp"
#include "app/experiment.hpp"
#include "base/quantities.hpp"
#include "energy/area.hpp"
#include "interchange/accelergy.hpp"
#include "report/render.hpp"

namespace eyrie {

namespace {

class Import {
 public:
  Import(const AccelergyFiles& files, const Catalogue& catalogue) : files_{files} {
    if (!files.architecture.empty()) machine(catalogue);
    if (files.technology_nm > 0) table_.technology = {files.technology_nm};
    if (files.voltage > 0) table_.voltage = {files.voltage};
    if (table_.technology.nm <= 0 || table_.voltage.v <= 0)
      throw InputError({"--technology", 0, 0}, "Accelergy's tables say neither node nor supply",
                       "give --architecture, or --technology and --voltage");
    if (!files.base.empty())
      base_ = read_energy_table(YamlDocument::from_file(catalogue.find(Shelf::Technologies, files.base)));
  }

  AccelergyImport run() {
    const auto ert = read_ert(YamlDocument::from_file(files_.ert));
    source_ = "Accelergy ERT " + file_name(files_.ert);
    for (const auto& t : ert.tables) table(t);
    complete();
    if (!files_.art.empty()) areas();
    places_.check_used(wrong_);
    wrong_.raise_if_any();
    table_.name = std::filesystem::path(files_.ert).stem().string();
    table_.title = "from " + source_;
    if (table_.prices.empty())
      throw InputError({files_.ert, 0, 0}, "no price is left", "give a table with actions of the machine's components");
    return {std::move(table_), std::move(notes_)};
  }

 private:
  static std::string file_name(const std::string& path) { return std::filesystem::path(path).filename().string(); }

  void machine(const Catalogue& catalogue) {
    const auto prepared = prepare_machine(files_.architecture, {}, catalogue);
    places_ = AccelergyPlaces{files_, accelergy_components(prepared.architecture)};
    sizes_ = area_components(prepared.architecture);
    table_.technology = prepared.architecture.technology;
    table_.voltage = prepared.table.voltage;
    machine_ = prepared.architecture.name;
  }

  void note(std::string text) {
    if (!std::ranges::count(notes_, text)) notes_.push_back(std::move(text));
  }

  /// What has no place: an error, or with --lenient a note.
  void misfit(const Place& where, std::string problem, std::string remedy) {
    if (files_.lenient)
      note(fmt::format("not used: {}:{}: {}", file_name(where.file), where.line, problem));
    else
      wrong_.error(where, std::move(problem), remedy + ", or leave it out with --lenient");
  }

  /// The component that a table is of; none if it has no place.
  std::optional<AccelergyPlaces::Found> found(const std::string& name, const Place& where) {
    auto f = places_.find(name, where);
    if (!f)
      misfit(where, fmt::format("{} has no component {}", machine_, accelergy_name(name, where).leaf),
             places_.remedy(name));
    return f;
  }

  void table(const ErtTable& t) {
    const auto place = found(t.name, t.where);
    if (!place) return;
    const auto& c = place->component;
    std::map<Priced, const ErtAction*> chosen;
    for (const auto& a : t.actions) {
      const auto meaning = accelergy_action(a, c.kind);
      if (!meaning)
        misfit(a.where, fmt::format("{} of {} is no action that is priced here", a.name, t.name), "rename it");
      else
        choose(chosen[*meaning], a, t);
    }
    for (const auto& [action, from] : chosen)
      if (is_of_time(action))
        time(c, action, *from, place->instances);
      else
        price(c, action, *from);
    if (chosen.contains(Priced::Send) && !chosen.contains(Priced::Deliver))
      add({.component = c.name, .action = Priced::Deliver, .note = "in the figure of send"});
    if (c.kind == "sram") {
      as_well(c, chosen, Priced::Write, Priced::Fill);
      as_well(c, chosen, Priced::Read, Priced::Drain);
    }
  }

  /// Of rows of one action with other arguments the dearest: a random access. An update is a write where there is one.
  void choose(const ErtAction*& kept, const ErtAction& a, const ErtTable& t) {
    if (!kept) {
      kept = &a;
    } else if (kept->name == a.name) {
      if (a.energy_pj > kept->energy_pj) kept = &a;
      note(fmt::format("{} of {}: of several arguments those with the most energy, a random access", a.name, t.name));
    } else if (a.name == "update" || kept->name == "update") {
      const auto& write = a.name == "update" ? *kept : a;
      const auto& update = a.name == "update" ? a : *kept;
      if (update.energy_pj != write.energy_pj)
        note(fmt::format("not used: update of {}; psums are counted as reads and writes", t.name));
      kept = &write;
    } else {
      wrong_.error(a.where, fmt::format("{} and {} of {} are one action here", kept->name, a.name, t.name),
                   "keep one of the two");
    }
  }

  /// A row is for so many bits moved, which its arguments say; it knows no access.
  void row(const AccelergyComponent& c, const ErtAction& from) {
    const auto bits = parse_integer(accelergy_argument(from, "at"));
    if (!bits || *bits < 1) {
      wrong_.error(from.where, fmt::format("{} of {} does not say of how many bits", from.name, c.name),
                   "give its arguments `at: BITS`");
      return;
    }
    add({.component = "dram",
         .action = Priced::Row,
         .energy = Picojoules{from.energy_pj},
         .per = Per::Row,
         .at = Bits{*bits},
         .note = from.name,
         .where = from.where});
  }

  void price(const AccelergyComponent& c, Priced action, const ErtAction& from) {
    if (action == Priced::Row) {
      row(c, from);
      return;
    }
    const auto stated = places_.stated_access(c.name);
    const Bits bits = stated.value_or(c.access);
    if (bits.count() == 0) {
      wrong_.error(from.where, fmt::format("{} of {} moves an unknown number of bits", from.name, c.name),
                   fmt::format("give --architecture, or --access-bits {}=BITS", c.name));
      return;
    }
    add({.component = c.name,
         .action = action,
         .energy = Picojoules{from.energy_pj},
         .at = bits,
         .note = fmt::format("{}, an access of {} b, {}", from.name, bits.count(),
                             stated ? "as stated" : "the widest port or operand of " + machine_),
         .where = from.where});
  }

  /// Leakage of parts is paid by the chip; what the array or the chip have of their own stays theirs.
  void time(const AccelergyComponent& c, Priced action, const ErtAction& from, std::int64_t instances) {
    const bool own = c.kind == "array" || c.kind == "chip";
    if (!own && action != Priced::Leakage) {
      misfit(from.where, fmt::format("{} of {} is paid by the chip or the array alone", from.name, c.name),
             "price it there");
      return;
    }
    const auto per = value_of<Per>(accelergy_argument(from, "per")).value_or(Per::Cycle);
    if (own) {
      add({.component = c.name,
           .action = action,
           .energy = Picojoules{from.energy_pj},
           .per = per,
           .note = from.name,
           .where = from.where});
      return;
    }
    if (c.kind == "dram") {
      if (from.energy_pj > 0) note(fmt::format("not used: {} of {}, which is off chip", from.name, c.name));
      return;
    }
    leak_ += Picojoules{from.energy_pj * static_cast<double>(instances)};
    leaking_.push_back(instances == 1 ? c.name : fmt::format("{} x {}", instances, c.name));
  }

  void as_well(const AccelergyComponent& c, const std::map<Priced, const ErtAction*>& chosen, Priced as,
               Priced action) {
    const auto from = chosen.find(as);
    if (chosen.contains(action) || from == chosen.end()) return;
    price(c, action, *from->second);
  }

  void add(Price p) {
    const auto twin = std::ranges::find_if(
        table_.prices, [&](const Price& q) { return q.component == p.component && q.action == p.action; });
    if (twin != table_.prices.end()) {
      wrong_.error(p.where, fmt::format("{} of {} is in two tables", name_of(p.action), p.component),
                   "map them to different components with --name");
      return;
    }
    p.source = source_;
    p.confidence = Confidence::Derived;
    table_.prices.push_back(std::move(p));
  }

  [[nodiscard]] bool has(Priced action) const { return std::ranges::count(table_.prices, action, &Price::action) > 0; }

  /// What the ERT doesn't have: leakage of all parts together, clock and control, prices of the base table.
  void complete() {
    if (!leaking_.empty() && has(Priced::Static))
      note(fmt::format("not used: leak of {}, as static has leakage in it", fmt::join(leaking_, ", ")));
    else if (!leaking_.empty())
      leak();
    if (has(Priced::Leakage))
      for (const Priced action : {Priced::Clock, Priced::Control})
        if (!has(action)) {
          add({.component = "chip",
               .action = action,
               .per = Per::Cycle,
               .note = "not in the ERT; in its other actions"});
          note(fmt::format("{}: the ERT has none, so that it is 0 pJ or in its other actions", name_of(action)));
        }
    if (base_) take_base();
  }

  /// Leakage of parts, beside what the chip has of its own.
  void leak() {
    auto note = fmt::format("a cycle of {}", fmt::join(leaking_, ", "));
    for (auto& p : table_.prices)
      if (p.component == "chip" && p.action == Priced::Leakage) {
        p.energy += leak_;
        p.note += " and " + note;
        return;
      }
    add({.component = "chip", .action = Priced::Leakage, .energy = leak_, .per = Per::Cycle, .note = std::move(note)});
  }

  void take_base() {
    const bool timed = std::ranges::any_of(table_.prices, [](const Price& p) { return is_of_time(p.action); });
    const auto ours = table_.prices;
    std::vector<std::string> taken;
    for (const auto& p : base_->prices) {
      const bool there =
          std::ranges::any_of(ours, [&](const Price& q) { return q.component == p.component && q.action == p.action; });
      if (there || (timed && is_of_time(p.action))) continue;
      table_.prices.push_back(p);
      taken.push_back(fmt::format("{} of {}", name_of(p.action), p.component));
    }
    for (const auto& k : base_->known_sums)  // of all prices of a source, or of none
      if (const auto of = std::ranges::count(base_->prices, k.source, &Price::source);
          !k.area && of > 0 && std::ranges::count(table_.prices, k.source, &Price::source) == of)
        table_.known_sums.push_back(k);
    if (!taken.empty()) note(fmt::format("prices of {}: {}", base_->name, fmt::join(taken, ", ")));
  }

  void areas() {
    const auto source = "Accelergy ART " + file_name(files_.art);
    for (const auto& row : read_art(YamlDocument::from_file(files_.art)).rows) {
      const auto place = found(row.name, row.where);
      if (!place) continue;
      const auto& c = place->component;
      if (c.kind == "dram") {
        if (row.area_um2 > 0) note(fmt::format("not used: area of {}, which is off chip", row.name));
        continue;
      }
      if (!machine_.empty() && place->instances != c.instances)
        note(fmt::format("{}: the machine has {} of it", row.name, c.instances));
      AreaFigure f{.component = c.name, .part = {}, .area = {row.area_um2}};
      f.source = source;
      f.confidence = Confidence::Derived;
      f.note = "one instance";
      f.where = row.where;
      for (const auto& s : sizes_)
        if (s.name == c.name) size(f, s);
      table_.areas.push_back(std::move(f));
    }
    check_areas(table_, wrong_);
  }

  /// The width and, of a memory, the capacity that a figure is for.
  static void size(AreaFigure& f, const AreaComponent& s) {
    f.at = s.width;
    if (s.kind != "sram" && s.kind != "spad") return;
    if (s.bits.count() % 8 == 0) {
      f.size = Bytes{s.bits.count() / 8};
      return;
    }
    f.area = {f.area.um2 / static_cast<double>(s.bits.count())};
    f.per = AreaPer::Bit;
    f.note = fmt::format("one instance / {} b", s.bits.count());
  }

  const AccelergyFiles& files_;
  AccelergyPlaces places_{files_, {}};
  std::vector<AreaComponent> sizes_;
  std::string machine_, source_;
  std::optional<EnergyTable> base_;
  Picojoules leak_{};
  std::vector<std::string> leaking_, notes_;
  EnergyTable table_;
  Diagnostics wrong_;
};

}  // namespace

AccelergyImport import_accelergy_files(const AccelergyFiles& files, const Catalogue& catalogue) {
  return Import{files, catalogue}.run();
}

int import_accelergy(const AccelergyFiles& files, const Catalogue& catalogue, const std::string& out) {
  auto done = import_accelergy_files(files, catalogue);
  const auto text = write_yaml([&](Fields& f) { describe(f, done.table); });
  (void)read_energy_table(YamlDocument::from_text(text, out.empty() ? "the imported table" : out));
  for (const auto& note : done.notes) fmt::print(stderr, "note: {}\n", note);
  if (out.empty()) {
    fmt::print("{}", text);
  } else {
    write_file(out, text);
    fmt::print("written: {}\n", out);
  }
  return 0;
}

}  // namespace eyrie

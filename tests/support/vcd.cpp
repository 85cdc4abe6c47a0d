#include "tests/support/vcd.hpp"

#include <sstream>
#include <stdexcept>
#include <vector>

namespace eyrie::test {

std::uint64_t Vcd::at(const std::string& signal, std::int64_t time) const {
  const auto& changes = signals.at(signal);
  const auto after = changes.upper_bound(time);
  if (after == changes.begin()) throw std::runtime_error(signal + " has no value yet");
  return std::prev(after)->second;
}

Vcd read_vcd(const std::string& text) {
  Vcd vcd;
  std::istringstream in{text};
  std::vector<std::string> scopes;
  std::map<std::string, std::string> names;  // by identifier
  bool values = false, timed = false;
  std::int64_t now = -1;
  for (std::string word; in >> word;) {
    const auto skip = [&] {
      while (word != "$end")
        if (!(in >> word)) throw std::runtime_error("a section without end");
    };
    if (word == "$scope") {
      in >> word >> word;
      scopes.push_back(word);
      skip();
    } else if (word == "$upscope") {
      if (scopes.empty()) throw std::runtime_error("a scope ends that none began");
      scopes.pop_back();
      skip();
    } else if (word == "$var") {
      std::string type, width, id, name, full;
      in >> type >> width >> id >> name;
      for (std::size_t i = 1; i < scopes.size(); ++i) full += scopes[i] + ".";
      names[id] = full + name;
      skip();
    } else if (word == "$enddefinitions") {
      if (!scopes.empty()) throw std::runtime_error("a scope is left open");
      skip();
    } else if (word == "$dumpvars") {
      values = true;
    } else if (word == "$end") {
      values = false;
    } else if (word.front() == '$') {
      skip();
    } else if (word.front() == '#') {
      const auto time = std::stoll(word.substr(1));
      if (time <= now) throw std::runtime_error("time goes back");
      if (!timed) vcd.first = time;
      timed = true;
      now = vcd.last = time;
    } else {
      const bool wide = word.front() == 'b';
      const std::string digits = wide ? word.substr(1) : word.substr(0, 1);
      std::string id = wide ? "" : word.substr(1);
      if (wide) in >> id;
      if (!names.contains(id) || !(timed || values)) throw std::runtime_error("a value of no variable: " + word);
      vcd.signals[names.at(id)][now] = std::stoull(digits, nullptr, 2);
    }
  }
  return vcd;
}

}  // namespace eyrie::test

#include "dataflows/action_counts.hpp"

#include <algorithm>
#include <tuple>

namespace eyrie {

using Key = std::tuple<std::string_view, Operand, Action>;
static Key key(const ActionCount& r) { return {r.component, r.tensor, r.action}; }

ActionCount& ActionCounts::row(std::string_view component, Operand tensor, Action action) {
  const Key wanted{component, tensor, action};
  const auto it = std::ranges::lower_bound(rows_, wanted, {}, key);
  if (it != rows_.end() && key(*it) == wanted) return *it;
  return *rows_.insert(it, {.component = std::string(component), .tensor = tensor, .action = action});
}

void ActionCounts::add(std::string_view component, Operand tensor, Action action, Words words, Bytes bytes) {
  if (words.count() == 0 && bytes.count() == 0) return;
  ActionCount& r = row(component, tensor, action);
  r.words += words;
  r.bytes += bytes;
}

ActionCounts& ActionCounts::operator+=(const ActionCounts& other) {
  for (const auto& r : other.rows_) add(r.component, r.tensor, r.action, r.words, r.bytes);
  return *this;
}

static const ActionCount* find(const std::vector<ActionCount>& rows, std::string_view component, Operand tensor,
                               Action action) {
  for (const auto& r : rows)
    if (r.component == component && r.tensor == tensor && r.action == action) return &r;
  return nullptr;
}

Words ActionCounts::words(std::string_view component, Operand tensor, Action action) const {
  const auto* r = find(rows_, component, tensor, action);
  return r ? r->words : Words{};
}

Bytes ActionCounts::bytes(std::string_view component, Operand tensor, Action action) const {
  const auto* r = find(rows_, component, tensor, action);
  return r ? r->bytes : Bytes{};
}

bool same_words(const ActionCounts& a, const ActionCounts& b) {
  return std::ranges::equal(a.rows(), b.rows(), [](const ActionCount& x, const ActionCount& y) {
    return x.component == y.component && x.tensor == y.tensor && x.action == y.action && x.words == y.words;
  });
}

}  // namespace eyrie

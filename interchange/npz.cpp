#include "interchange/npz.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <memory>
#include <string_view>
#include <vector>

#include "base/diagnostics.hpp"
#include "base/output_file.hpp"
#include "base/text_file.hpp"

namespace eyrie {

namespace {

constexpr std::string_view kWanted = "NumPy arrays (.npz)";
constexpr std::string_view kEnding = ".npy";
constexpr zip_uint64_t kMost = zip_uint64_t{1} << 31, kMostTogether = 2 * kMost;

struct Close {
  void operator()(zip_t* z) const { zip_discard(z); }
  void operator()(zip_file_t* f) const { zip_fclose(f); }
  void operator()(zip_source_t* s) const { zip_source_free(s); }
};
using Archive = std::unique_ptr<zip_t, Close>;
using Entry = std::unique_ptr<zip_file_t, Close>;
using Source = std::unique_ptr<zip_source_t, Close>;

std::string text_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

class NpzReader {
 public:
  explicit NpzReader(const std::string& path) : path_{path} {
    file_bytes(path, kWanted);
    int code = 0;
    archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
    if (!archive_) refuse(path_, fmt::format("this is no .npz file ({})", text_of(code)), "write it with numpy.savez");
  }

  NumpyArrays read() {
    NumpyArrays all;
    for (zip_int64_t i = 0, n = zip_get_num_entries(archive_.get(), 0); i < n; ++i) {
      const auto index = static_cast<zip_uint64_t>(i);
      const char* raw = zip_get_name(archive_.get(), index, 0);
      const std::string entry = raw ? raw : "";
      if (!entry.ends_with(kEnding) || entry.size() == kEnding.size())
        refuse(path_, fmt::format("it has the entry \"{}\"", entry), "give arrays alone, NAME.npy");
      const auto name = entry.substr(0, entry.size() - kEnding.size());
      if (all.contains(name)) refuse(path_, fmt::format("{} is there twice", name), "give each array its own name");
      const auto place = path_ + ":" + name;
      all[name] = read_npy(bytes(index, place), place);
    }
    return all;
  }

 private:
  [[noreturn]] static void refuse(const std::string& place, const std::string& problem, const std::string& remedy) {
    throw InputError({place, 0, 0}, problem, remedy);
  }

  /// An entry unpacked piece by piece, so that no more is asked for than there is.
  std::string bytes(zip_uint64_t index, const std::string& place) {
    const Entry entry{zip_fopen_index(archive_.get(), index, 0)};
    if (!entry)
      refuse(place, fmt::format("it cannot be unpacked ({})", zip_strerror(archive_.get())),
             "store or deflate it, without a password");
    std::string all;
    std::vector<char> piece(std::size_t{1} << 18);
    while (true) {
      const auto got = zip_fread(entry.get(), piece.data(), piece.size());
      if (got == 0) return all;
      if (got < 0)
        refuse(place, fmt::format("it is damaged ({})", zip_file_strerror(entry.get())), "write it with numpy.savez");
      if (all.size() + static_cast<std::size_t>(got) > kMost) refuse(place, "it is larger than 2 GiB", "split it");
      together_ += static_cast<std::size_t>(got);
      if (together_ > kMostTogether) refuse(path_, "its arrays take more than 4 GiB", "split it");
      all.append(piece.data(), static_cast<std::size_t>(got));
    }
  }

  std::string path_;
  Archive archive_;
  zip_uint64_t together_ = 0;  ///< bytes of all entries
};

/// Throws where libzip says no: it does so for want of memory alone, as nothing is on disk yet.
void must(bool done, const std::string& path, const char* why) {
  if (!done) throw InputError({path, 0, 0}, fmt::format("it cannot be packed ({})", why), "have more memory");
}

/// An archive made in memory. `files` must stay until it is closed.
std::string packed(const std::string& path, const std::vector<std::pair<std::string, std::string>>& files) {
  if (files.empty()) return std::string{"PK\x05\x06"} + std::string(18, '\0');  // libzip would remove it
  zip_error_t error;
  zip_error_init(&error);
  const Source memory{zip_source_buffer_create(nullptr, 0, 0, &error)};
  must(memory != nullptr, path, "no buffer");
  zip_source_keep(memory.get());  // the archive frees it once, we do after reading
  Archive archive{zip_open_from_source(memory.get(), ZIP_TRUNCATE, &error)};
  if (!archive) zip_source_free(memory.get());
  must(archive != nullptr, path, zip_error_strerror(&error));
  for (const auto& [name, text] : files) {
    zip_source_t* source = zip_source_buffer(archive.get(), text.data(), text.size(), 0);
    must(source != nullptr, path, zip_strerror(archive.get()));
    const auto index = zip_file_add(archive.get(), name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (index < 0) zip_source_free(source);
    must(index >= 0, path, zip_strerror(archive.get()));
    constexpr zip_uint16_t kFirstOf1980 = 1 << 5 | 1;
    must(zip_set_file_compression(archive.get(), static_cast<zip_uint64_t>(index), ZIP_CM_STORE, 0) == 0 &&
             zip_file_set_dostime(archive.get(), static_cast<zip_uint64_t>(index), 0, kFirstOf1980, 0) == 0,
         path, zip_strerror(archive.get()));
  }
  must(zip_close(archive.get()) == 0, path, zip_strerror(archive.get()));
  static_cast<void>(archive.release());
  zip_stat_t stat;
  must(zip_source_stat(memory.get(), &stat) == 0 && zip_source_open(memory.get()) == 0, path, "no buffer");
  std::string all(stat.size, '\0');
  const auto got = zip_source_read(memory.get(), all.data(), all.size());
  zip_source_close(memory.get());
  must(got == static_cast<zip_int64_t>(all.size()), path, "cut off");
  return all;
}

}  // namespace

NumpyArrays read_npz_file(const std::string& path) { return NpzReader{path}.read(); }

void write_npz_file(const std::string& path, const NumpyArrays& arrays) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [name, array] : arrays) files.emplace_back(name + std::string(kEnding), npy_bytes(array));
  write_file(path, packed(path, files));
}

}  // namespace eyrie

#include "explore/study/store_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/diagnostics.hpp"

namespace eyrie {

StoreLock::StoreLock(const std::string& store) {
  const auto path = store + ".lock";
  fd_ = ::open(path.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  if (fd_ < 0) throw InputError({path, 0, 0}, "the store cannot be locked", "see that its folder lets us write");
  struct flock whole {};
  whole.l_type = F_WRLCK;
  whole.l_whence = SEEK_SET;
  if (::fcntl(fd_, F_SETLK, &whole) == 0) return;
  ::close(fd_);
  throw InputError({store, 0, 0}, "another process is filling this store",
                   "wait for it, or watch it with `eyrie explore status`");
}

StoreLock::~StoreLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace eyrie

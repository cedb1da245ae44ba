# shellcheck shell=bash disable=SC2034
# The kernel, installed, and the notebooks, executed by it.

# Into a folder of this checkout, which is what the notebooks here run with; and a copy for the user, whose own Jupyter then offers it.
install_kernel() {
  local jupyter
  jupyter=$(dirname "$PYTHON")/jupyter
  [ -x "$jupyter" ] || jupyter=$(command -v jupyter)
  "$ROOT/kernel/install" --java "$JDK/bin/java" --jupyter "$jupyter" --prefix "$KERNEL_PREFIX" &&
    { [ "$FOR_USER" = no ] || "$jupyter" kernelspec install --user --name espalier "$KERNEL_PREFIX/share/jupyter/kernels/espalier"; }
}

kernel() {
  [ -x "$ROOT/kernel/install" ] || fail "kernel/install is not in this checkout" "It installs the Jupyter kernel; is this a whole copy of the repository?"
  KERNEL=$(printf '%s\n' "$(fingerprint kernel)" "$SOURCES" "$JDK" "$ROOT" "$PYTHON" | sha256)
  export JAVA_HOME=$JDK PATH=$JDK/bin:$PATH JUPYTER_PATH=$KERNEL_PREFIX/share/jupyter${JUPYTER_PATH:+:$JUPYTER_PATH}
  if [ -f "$KERNEL_PREFIX/share/jupyter/kernels/espalier/kernel.json" ] && stamped kernel "$KERNEL"; then
    done_line kernel "installed already, in target/jupyter" ""
    return 0
  fi
  unstamp kernel
  step kernel "installing it into target/jupyter$([ "$FOR_USER" = no ] || printf ' and for %s' "$(id -un)")" install_kernel
  stamp kernel "$KERNEL"
}
FOR_USER=yes # environment/test says no: it leaves the user's own Jupyter alone

# notebooks SCALE FORCE NAME...: executes those named, or all; sets PASSED, FAILED and UNCHANGED, which counts those that needn't run again.
notebooks() {
  local scale=$1 force=$2 name status
  shift 2
  PASSED=0 FAILED=0 UNCHANGED=0
  mkdir -p "$REPORTS"
  [ $# -gt 0 ] || set -- "$ROOT"/notebooks/*.ipynb
  for name in "$@"; do
    status=0
    ESPALIER_SCALE=$scale "$PYTHON" -B "$ROOT/environment/report/execute.py" --scale "$scale" --reports "$REPORTS" --made-from "$KERNEL" \
      --width "$STEP_WIDTH" ${force:+--force} "$name" || status=$?
    case $status in 0) PASSED=$((PASSED + 1)) ;; 3) UNCHANGED=$((UNCHANGED + 1)) ;; 130) stopped ;; *) FAILED=$((FAILED + 1)) ;; esac
  done
  "$PYTHON" -B "$ROOT/environment/report/index.py" "$REPORTS" "$ROOT" "system=$(system)" "java=$JDK_VERSION" "nbconvert=$JUPYTER_VERSION"
}

notebooks_exist() { # NAME...: before anything long begins
  local name
  for name in "$@"; do
    [ -f "$ROOT/notebooks/${name%.ipynb}.ipynb" ] || [ -f "$name" ] ||
      fail "no notebook is called $name" "In notebooks/ there are: $(cd "$ROOT" && find notebooks -maxdepth 1 -name '*.ipynb' 2>/dev/null | sed 's|.*/||; s|\.ipynb$||' | sort | tr '\n' ' ')"
  done
}

# What is installed here executes notebooks; a person wants to open them.
how_to_open() {
  local lab
  lab=$(command -v jupyter-lab || command -v jupyter-notebook || true)
  if [ -n "$lab" ]; then
    printf 'To open a notebook of notebooks/: %s, with the kernel Espalier (Java).' "${lab##*/}"
  else
    printf 'To open a notebook of notebooks/, get Jupyter (apt-get install jupyter-notebook, or pip install jupyterlab) and choose the kernel Espalier (Java).'
  fi
}

// tests/others/verify.go - what Go's own transparency code (golang.org/x/mod/sumdb) says of our files.
//
//	verify log DIR POLICY       the tiles of `folkmoot export-log` under a policy of `folkmoot alliance policy`
//	verify proof FILE POLICY    one record's proof, of `folkmoot prove`
//
// The note is opened by sumdb/note, tiles, tree and proofs are judged by sumdb/tlog; cosignature/v1, tlog-policy and
// tlog-proof, which x/mod does not know, are read here from the text of C2SP. Nothing of Folkmoot is linked in.
//
// Licence: as the project.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func must(ok bool, what string, args ...interface{}) {
	if !ok {
		fmt.Fprintf(os.Stderr, what+"\n", args...)
		os.Exit(1)
	}
}

// ---- cosignature/v1 (c2sp.org/tlog-cosignature): a verifier that sumdb/note can be given ----

type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
	time uint64
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	w.time = binary.BigEndian.Uint64(sig)
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", w.time, msg)
	return ed25519.Verify(w.key, []byte(text), sig[8:])
}

func newWitness(vkey string) *witness {
	parts := strings.SplitN(vkey, "+", 3)
	must(len(parts) == 3, "witness %q is no vkey", vkey)
	id, err := hex.DecodeString(parts[1])
	check(err, vkey)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	check(err, vkey)
	must(len(id) == 4 && len(key) == 33 && key[0] == 4, "witness %q is not of cosignature/v1", vkey)
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	must(bytes.Equal(sum[:4], id), "witness %q: another key id", vkey)
	return &witness{name: parts[0], hash: binary.BigEndian.Uint32(id), key: key[1:]}
}

// ---- c2sp.org/tlog-policy ----

type group struct {
	threshold int
	members   []string
}

type policy struct {
	logs      []note.Verifier
	witnesses map[string]*witness
	groups    map[string]group
	quorum    string
}

func readPolicy(name string) *policy {
	text, err := os.ReadFile(name)
	check(err, name)
	p := &policy{witnesses: map[string]*witness{}, groups: map[string]group{}}
	for _, line := range strings.Split(string(text), "\n") {
		w := strings.Fields(line)
		if len(w) == 0 || strings.HasPrefix(w[0], "#") {
			continue
		}
		switch {
		case w[0] == "log" && len(w) >= 2:
			v, err := note.NewVerifier(w[1])
			check(err, line)
			p.logs = append(p.logs, v)
		case w[0] == "witness" && len(w) >= 3:
			p.witnesses[w[1]] = newWitness(w[2])
		case w[0] == "group" && len(w) >= 4:
			n, err := strconv.Atoi(w[2])
			if w[2] == "any" {
				n, err = 1, nil
			} else if w[2] == "all" {
				n, err = len(w)-3, nil
			}
			check(err, line)
			p.groups[w[1]] = group{n, w[3:]}
		case w[0] == "quorum" && len(w) == 2:
			p.quorum = w[1]
		default:
			must(false, "policy: %q", line)
		}
	}
	must(len(p.logs) > 0 && p.quorum != "", "policy: no log or no quorum")
	return p
}

// A witness that changed its key has two under one name.
type keyOf struct {
	name string
	hash uint32
}

func (p *policy) holds(name string, seen map[keyOf]bool) bool {
	if name == "none" {
		return true
	}
	if w, ok := p.witnesses[name]; ok {
		return seen[keyOf{w.name, w.hash}]
	}
	g, ok := p.groups[name]
	must(ok, "policy: no group %q", name)
	n := 0
	for _, m := range g.members {
		if p.holds(m, seen) {
			n++
		}
	}
	return n >= g.threshold
}

// open judges a checkpoint and its cosignatures.
func (p *policy) open(msg []byte) (tlog.Tree, int) {
	verifiers := append([]note.Verifier{}, p.logs...)
	for _, w := range p.witnesses {
		verifiers = append(verifiers, w)
	}
	n, err := note.Open(msg, note.VerifierList(verifiers...))
	check(err, "checkpoint")
	byLog, seen := "", map[keyOf]bool{}
	for _, sig := range n.Sigs {
		seen[keyOf{sig.Name, sig.Hash}] = true
		for _, l := range p.logs {
			if l.Name() == sig.Name && l.KeyHash() == sig.Hash {
				byLog = sig.Name
			}
		}
	}
	lines := strings.Split(n.Text, "\n")
	must(len(lines) == 4 && lines[3] == "", "checkpoint: not three lines")
	must(byLog == lines[0], "checkpoint: %q is not signed by its log", lines[0])
	must(p.holds(p.quorum, seen), "checkpoint: too few witnesses")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	root, err := tlog.ParseHash(lines[2])
	check(err, "root")
	return tlog.Tree{N: size, Hash: root}, len(n.Sigs) - 1
}

// ---- c2sp.org/tlog-tiles, read through sumdb/tlog ----

type files string

func (dir files) Height() int                     { return 8 }
func (dir files) SaveTiles([]tlog.Tile, [][]byte) {}
func (dir files) ReadTiles(tiles []tlog.Tile) (data [][]byte, err error) {
	for _, t := range tiles {
		// sumdb puts the height into the path, C2SP does not
		path := "tile/" + strings.TrimPrefix(t.Path(), "tile/8/")
		b, err := os.ReadFile(filepath.Join(string(dir), path))
		if err != nil {
			return nil, err
		}
		data = append(data, b)
	}
	return data, nil
}

func entryBundle(dir string, n int64, size int64) (leaves [][]byte) {
	t := tlog.Tile{H: 8, L: 0, N: n, W: 256}
	if left := size - n*256; left < 256 {
		t.W = int(left)
	}
	path := "tile/entries/" + strings.TrimPrefix(t.Path(), "tile/8/0/")
	b, err := os.ReadFile(filepath.Join(dir, path))
	check(err, path)
	for len(b) > 0 {
		must(len(b) >= 2, "%s: cut", path)
		l := int(binary.BigEndian.Uint16(b))
		must(len(b) >= 2+l, "%s: cut", path)
		leaves = append(leaves, b[2:2+l])
		b = b[2+l:]
	}
	must(len(leaves) == t.W, "%s: %d entries, not %d", path, len(leaves), t.W)
	return leaves
}

func verifyLog(dir string, p *policy) {
	msg, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	check(err, dir)
	tree, cosigned := p.open(msg)
	reader := tlog.TileHashReader(tree, files(dir))
	for n := int64(0); n*256 < tree.N; n++ {
		for i, leaf := range entryBundle(dir, n, tree.N) {
			at := n*256 + int64(i)
			want := tlog.RecordHash(leaf)
			got, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, at)})
			check(err, fmt.Sprintf("tile of entry %d", at))
			must(got[0] == want, "entry %d: another hash than its tile has", at)
			if at%97 == 0 || at == tree.N-1 {
				proof, err := tlog.ProveRecord(tree.N, at, reader)
				check(err, "proving")
				check(tlog.CheckRecord(proof, tree.N, tree.Hash, at, want), "inclusion")
			}
		}
	}
	for size := int64(1); size < tree.N; size = size*3 + 1 {
		old, err := tlog.TreeHash(size, reader)
		check(err, "old root")
		proof, err := tlog.ProveTree(tree.N, size, reader)
		check(err, "proving")
		check(tlog.CheckTree(proof, tree.N, tree.Hash, size, old), "consistency")
	}
	fmt.Printf("%d entries, cosigned by %d\n", tree.N, cosigned)
}

// ---- c2sp.org/tlog-proof ----

func verifyProof(name string, p *policy) {
	text, err := os.ReadFile(name)
	check(err, name)
	parts := bytes.SplitN(text, []byte("\n\n"), 2)
	must(len(parts) == 2, "proof: no empty line")
	lines := strings.Split(string(parts[0]), "\n")
	must(lines[0] == "c2sp.org/tlog-proof@v1", "proof: begins with %q", lines[0])
	lines = lines[1:]
	var leaf []byte
	if strings.HasPrefix(lines[0], "extra ") {
		leaf, err = base64.StdEncoding.DecodeString(lines[0][len("extra "):])
		check(err, "extra")
		lines = lines[1:]
	}
	must(strings.HasPrefix(lines[0], "index "), "proof: no index")
	index, err := strconv.ParseInt(lines[0][len("index "):], 10, 64)
	check(err, "index")
	var proof tlog.RecordProof
	for _, l := range lines[1:] {
		h, err := tlog.ParseHash(l)
		check(err, "proof")
		proof = append(proof, h)
	}
	tree, cosigned := p.open(parts[1])
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)), "inclusion")
	fmt.Printf("entry %d of %d, cosigned by %d\n", index, tree.N, cosigned)
}

func main() {
	must(len(os.Args) == 4, "usage: verify log DIR POLICY | verify proof FILE POLICY")
	p := readPolicy(os.Args[3])
	switch os.Args[1] {
	case "log":
		verifyLog(os.Args[2], p)
	case "proof":
		verifyProof(os.Args[2], p)
	default:
		must(false, "usage: verify log DIR POLICY | verify proof FILE POLICY")
	}
}

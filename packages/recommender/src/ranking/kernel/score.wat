;; Scores of candidates by a network of 32 hidden units, four units in a step.
;;
;; Arguments are places in the memory, in bytes; the first two are counts. Of 32-bit floats lie there:
;;   $start     what each unit begins with, 32
;;   $weights   for each feature its 32 weights, a unit each
;;   $output    how much each unit counts, 32
;;   $direct    how much each feature counts beside the units
;;   $features  candidate after candidate, `$width` of each
;;   $scores    one for each candidate, written here
(module
  (memory (export "memory") 1)
  (func (export "score")
    (param $count i32) (param $width i32)
    (param $start i32) (param $weights i32) (param $output i32) (param $direct i32)
    (param $features i32) (param $scores i32)
    (local $scoresEnd i32) (local $featuresEnd i32) (local $weight i32) (local $ofDirect i32)
    (local $value v128) (local $none v128) (local $sum v128)
    ;; Units 0 to 3, 4 to 7 and so on.
    (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local $e v128) (local $f v128) (local $g v128) (local $h v128)

    (local.set $scoresEnd (i32.add (local.get $scores) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $candidate
        (br_if $done (i32.ge_u (local.get $scores) (local.get $scoresEnd)))
        (local.set $featuresEnd (i32.add (local.get $features) (i32.shl (local.get $width) (i32.const 2))))
        (local.set $weight (local.get $weights))
        (local.set $ofDirect (local.get $direct))
        (local.set $sum (local.get $none))
        (local.set $a (v128.load offset=0 (local.get $start)))
        (local.set $b (v128.load offset=16 (local.get $start)))
        (local.set $c (v128.load offset=32 (local.get $start)))
        (local.set $d (v128.load offset=48 (local.get $start)))
        (local.set $e (v128.load offset=64 (local.get $start)))
        (local.set $f (v128.load offset=80 (local.get $start)))
        (local.set $g (v128.load offset=96 (local.get $start)))
        (local.set $h (v128.load offset=112 (local.get $start)))

        ;; A feature is read once for all units, and for the path beside them, which has one lane of its own.
        (loop $feature
          (local.set $value (v128.load32_splat (local.get $features)))
          (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $value) (v128.load offset=0 (local.get $weight)))))
          (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $value) (v128.load offset=16 (local.get $weight)))))
          (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $value) (v128.load offset=32 (local.get $weight)))))
          (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $value) (v128.load offset=48 (local.get $weight)))))
          (local.set $e (f32x4.add (local.get $e) (f32x4.mul (local.get $value) (v128.load offset=64 (local.get $weight)))))
          (local.set $f (f32x4.add (local.get $f) (f32x4.mul (local.get $value) (v128.load offset=80 (local.get $weight)))))
          (local.set $g (f32x4.add (local.get $g) (f32x4.mul (local.get $value) (v128.load offset=96 (local.get $weight)))))
          (local.set $h (f32x4.add (local.get $h) (f32x4.mul (local.get $value) (v128.load offset=112 (local.get $weight)))))
          (local.set $sum
            (f32x4.add (local.get $sum) (f32x4.mul (local.get $value) (v128.load32_zero (local.get $ofDirect)))))
          (local.set $weight (i32.add (local.get $weight) (i32.const 128)))
          (local.set $ofDirect (i32.add (local.get $ofDirect) (i32.const 4)))
          (local.set $features (i32.add (local.get $features) (i32.const 4)))
          (br_if $feature (i32.lt_u (local.get $features) (local.get $featuresEnd))))

        ;; A unit below zero says nothing.
        (local.set $a (f32x4.mul (v128.load offset=0 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $a))))
        (local.set $b (f32x4.mul (v128.load offset=16 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $b))))
        (local.set $c (f32x4.mul (v128.load offset=32 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $c))))
        (local.set $d (f32x4.mul (v128.load offset=48 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $d))))
        (local.set $e (f32x4.mul (v128.load offset=64 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $e))))
        (local.set $f (f32x4.mul (v128.load offset=80 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $f))))
        (local.set $g (f32x4.mul (v128.load offset=96 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $g))))
        (local.set $h (f32x4.mul (v128.load offset=112 (local.get $output)) (f32x4.pmax (local.get $none) (local.get $h))))
        (local.set $sum (f32x4.add (local.get $sum)
          (f32x4.add
            (f32x4.add (f32x4.add (local.get $a) (local.get $b)) (f32x4.add (local.get $c) (local.get $d)))
            (f32x4.add (f32x4.add (local.get $e) (local.get $f)) (f32x4.add (local.get $g) (local.get $h))))))
        (f32.store (local.get $scores)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
            (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum)))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (br $candidate)))))
